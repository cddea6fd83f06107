using System.Collections.Concurrent;
using System.Diagnostics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Memory;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Observing;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>Loads tables of one connection: the small ones first, a few at a time, each on its own account.</summary>
internal sealed class ConnectionLoader(
    FamilyLoader families, FirstLook firstLook, ObservedStore observed, PseudonymFindingsStore pseudonyms, ISnapshotStore store, IPseudonymKeyring keyring, SyncProgress progress, IdleMemory memory, IOptions<LoadOptions> options, ILogger<ConnectionLoader> logger)
{
    // What a smaller load leaves behind is not worth stopping all threads for.
    private const long BytesWorthGivingBack = 32L << 20;

    private const int KeysLogged = 10;

    /// <summary>The API tables that have no manifest for the schema in force or have lost a chunk, themselves or in a table nested in them.</summary>
    public async Task<IReadOnlyList<string>> FindMissingAsync(string connection, SchemaRevision schema, CancellationToken cancellationToken)
    {
        var missing = new HashSet<string>();
        foreach (var table in schema.ApiTables().SelectMany(name => schema.Family(name)))
        {
            if (missing.Contains(table.Root))
                continue;

            var manifest = await store.ReadCurrentAsync(new TableId(connection, table.Name), cancellationToken);
            if (manifest?.SchemaFingerprint != table.Fingerprint || (await store.FindMissingChunksAsync(manifest, cancellationToken)).Count > 0)
                missing.Add(table.Root);
        }

        return [.. schema.Tables.Where(table => missing.Contains(table.Name)).Select(static table => table.Name)];
    }

    /// <summary>Runs one job. A failure is reported and told.</summary>
    public async Task<LoadOutcome> RunAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        using var work = memory.Begin();
        using var span = Spans.Source.StartActivity(Spans.Sync, ActivityKind.Internal);
        span?.SetTag(Labels.Connection, job.Connection.Name).SetTag(Labels.Table, job.Root.Name).SetTag(Labels.Run, job.RunId);
        var begun = Stopwatch.GetTimestamp();
        var outcome = "stopped";
        SyncMetrics.Began(job.Connection.Name);
        try
        {
            var ended = await TryRunAsync(job, cancellationToken);
            outcome = SyncMetrics.NameOf(ended);
            return ended;
        }
        finally
        {
            var done = job.Tracker.Current;
            SyncMetrics.Ended(done, outcome, Stopwatch.GetElapsedTime(begun));
            span?.SetTag(Labels.SyncMode, SyncMetrics.NameOf(done.Mode)).SetTag(Labels.SyncOutcome, outcome);
            if (outcome == "failed")
                span.Fail(outcome);
        }
    }

    private async Task<LoadOutcome> TryRunAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        try
        {
            // Nothing is asked for before it is sure that the connection's personal data can be replaced, in whichever table it is.
            if (Pseudonymizer.NeedsSecrets(job.Schema.Tables))
                keyring.Open(job.Connection.Name).Verify(job.Schema.Tables);

            if (job.Mode == LoadMode.Full && !await families.IsPlannedAsync(job, cancellationToken))
                job = await firstLook.LookAsync(job, cancellationToken);

            await families.RunAsync(job, cancellationToken);
            await RememberAsync(job, cancellationToken);
            job.Tracker.Loaded();
            var done = job.Tracker.Current;
            Log.Loaded(logger, done.Mode, job.Connection.Name, job.Root.Name, done.Parents, done.Rows.Values.Sum(), done.Changed, done.Deleted, done.Requests);
            await pseudonyms.UpdateAsync(job.Connection.Name, job.Root.Name, done.Mode, done.Findings, cancellationToken);
            Report(job.Connection.Name, done.Findings);
            SyncMetrics.Found(done);
            if (done.Bytes >= BytesWorthGivingBack)
                ProcessMemory.GiveBack();

            return LoadOutcome.Succeeded;
        }
        catch (HeldException held)
        {
            job.Tracker.Held(held.Message);
            return LoadOutcome.Held;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (failure is UnknownKeysException)
                await RememberAsync(job, cancellationToken);

            job.Tracker.Failed(Explain(failure), failure is CommitConflictException or ChunkMissingException or ChunkCacheFullException or StagingFullException || CacheFailures.IsTransient(failure));
            Log.Failed(logger, job.Connection.Name, job.Root.Name, failure);
            return LoadOutcome.Failed;
        }
    }

    /// <summary>Runs a mode for several API tables of one connection, a few at a time, each on its own account.</summary>
    /// <returns>The API tables that failed.</returns>
    public async Task<IReadOnlyList<string>> LoadAsync(
        ConnectionConfig connection, SchemaRevision schema, IReadOnlyList<string> apiTables, LoadMode mode, CancellationToken cancellationToken)
    {
        var failed = new ConcurrentBag<string>();
        var run = Guid.NewGuid().ToString("N");
        var jobs = apiTables
            .Select(name => new FamilyJob { RunId = run, Connection = connection, Schema = schema, Family = schema.Family(name), Mode = mode, Tracker = progress.Start(connection.Name, name) })
            .OrderBy(static job => job.Family.Length).ToArray();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.TablesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(jobs, parallel, async (job, token) =>
        {
            if (await RunAsync(job, token) == LoadOutcome.Failed)
                failed.Add(job.Root.Name);
        });
        return [.. apiTables.Where(failed.Contains)];
    }

    private Task RememberAsync(FamilyJob job, CancellationToken cancellationToken) =>
        observed.MergeAsync(job.Connection.Name, job.Tracker.Current.Findings.Observed, cancellationToken);

    private void Report(string connection, FlattenFindings findings)
    {
        foreach (var column in findings.BadValues)
            Log.BadValues(logger, connection, column.Table, column.Column ?? "(element)", column.Count, string.Join(", ", column.Keys.Take(KeysLogged)));

        if (findings.UnusableRecords > 0)
            Log.UnusableRecords(logger, connection, findings.UnusableRecords, string.Join(", ", findings.UnusablePositions));
    }

    /// <summary>Words for an operator. Our own exceptions have them; what others say might hold data, so only its kind is told.</summary>
    private static string Explain(Exception failure) => failure switch
    {
        CoupaException or MalformedPageException or CommitConflictException or PseudonymKeyException or UnknownKeysException or ChunkCacheFullException or StagingFullException => failure.Message,
        _ => $"The load ended with {failure.GetType().Name}. The log has the details.",
    };
}
