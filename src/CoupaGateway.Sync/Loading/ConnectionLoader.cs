using System.Collections.Immutable;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Memory;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>Loads tables of one connection: the small ones first, a few at a time, each on its own account.</summary>
internal sealed class ConnectionLoader(
    IRecordSourceFactory sources,
    FamilyLoader families,
    ISnapshotStore store,
    IPseudonymKeyring keyring,
    SyncProgress progress,
    IOptions<LoadOptions> options,
    ILogger<ConnectionLoader> logger)
{
    // What a smaller load leaves behind is not worth stopping all threads for.
    private const long BytesWorthGivingBack = 32L << 20;

    /// <summary>The API tables that have no manifest for the schema in force or have lost a chunk, themselves or in a table nested in them.</summary>
    public async Task<IReadOnlyList<string>> FindMissingAsync(string connection, SchemaRevision schema, CancellationToken cancellationToken)
    {
        var missing = new HashSet<string>();
        foreach (var table in schema.Tables)
        {
            if (missing.Contains(table.Root))
                continue;

            var manifest = await store.ReadCurrentAsync(new TableId(connection, table.Name), cancellationToken);
            if (manifest?.SchemaFingerprint != table.Fingerprint || (await store.FindMissingChunksAsync(manifest, cancellationToken)).Count > 0)
                missing.Add(table.Root);
        }

        return [.. schema.Tables.Where(table => missing.Contains(table.Name)).Select(static table => table.Name)];
    }

    /// <summary>Loads API tables with everything nested in them. A table that fails is reported and does not disturb the others.</summary>
    /// <returns>The API tables that failed.</returns>
    public async Task<IReadOnlyList<string>> LoadAsync(
        ConnectionConfig connection, SchemaRevision schema, IReadOnlyList<string> apiTables, CancellationToken cancellationToken)
    {
        var jobs = apiTables.Select(name => new Job(schema.Family(name), progress.Start(connection.Name, name))).ToArray();
        await Task.WhenAll(jobs.Select(job => RunAsync(connection, job, () => ProbeAsync(connection, schema, job, cancellationToken), cancellationToken)));

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.TablesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            jobs.Where(static job => !job.HasFailed).OrderBy(static job => job.Range?.Width ?? 0),
            parallel,
            async (job, token) => await RunAsync(connection, job, () => LoadAsync(connection, job, token), token));
        if (jobs.Sum(static job => job.Tracker.Current.Bytes) >= BytesWorthGivingBack)
            ProcessMemory.GiveBack();

        return [.. jobs.Where(static job => job.HasFailed).Select(static job => job.Table)];
    }

    /// <summary>Asks for nothing before it is sure that the connection's personal data can be replaced, in whichever table it is.</summary>
    private async Task ProbeAsync(ConnectionConfig connection, SchemaRevision schema, Job job, CancellationToken cancellationToken)
    {
        if (Pseudonymizer.NeedsSecrets(schema.Tables))
            keyring.Open(connection.Name).Verify(schema.Tables);

        job.Source = sources.Create(connection, job.Family[0]);
        job.Range = await job.Source.ProbeRangeAsync(cancellationToken);
    }

    private async Task LoadAsync(ConnectionConfig connection, Job job, CancellationToken cancellationToken)
    {
        job.Tracker.Loading(job.Range, () => job.Source!.Requests);
        await families.LoadAsync(connection.Name, job.Family, job.Source!, job.Range, job.Tracker, cancellationToken);
        job.Tracker.Loaded();

        var done = job.Tracker.Current;
        Log.Loaded(logger, connection.Name, job.Table, done.Parents, done.Rows.Values.Sum(), done.Requests);
        Report(connection.Name, done.Findings);
    }

    private async Task RunAsync(ConnectionConfig connection, Job job, Func<Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            job.HasFailed = true;
            job.Tracker.Failed(Explain(failure));
            Log.Failed(logger, connection.Name, job.Table, failure);
        }
    }

    private void Report(string connection, FlattenFindings findings)
    {
        foreach (var column in findings.BadValues)
            Log.BadValues(logger, connection, column.Table, column.Column ?? "(element)", column.Count, string.Join(", ", column.SampleKeys));

        if (findings.UnusableRecords > 0)
            Log.UnusableRecords(logger, connection, findings.UnusableRecords, string.Join(", ", findings.UnusablePositions));
    }

    /// <summary>Words for an operator. Our own exceptions have them; what others say might hold data, so only its kind is told.</summary>
    private static string Explain(Exception failure) => failure switch
    {
        CoupaException or MalformedPageException or CommitConflictException or PseudonymKeyException => failure.Message,
        _ => $"The load ended with {failure.GetType().Name}. The log has the details.",
    };

    private sealed class Job(ImmutableArray<TableSchema> family, TableTracker tracker)
    {
        public ImmutableArray<TableSchema> Family { get; } = family;

        public string Table => Family[0].Name;

        public TableTracker Tracker { get; } = tracker;

        public IRecordSource? Source { get; set; }

        public IdRange? Range { get; set; }

        public bool HasFailed { get; set; }
    }
}
