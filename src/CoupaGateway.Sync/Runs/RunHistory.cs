using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Loading;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Runs;

/// <summary>The runs of a connection, the newest of them: what was asked for in one document, each table in another, which only its worker writes.</summary>
internal sealed class RunHistory(IDocumentStore documents, JobQueue jobs, IOptions<LoadOptions> options, TimeProvider time)
{
    internal const string Collection = "runs";

    // Between a run and its jobs there is a moment, and a longer one when Redis is slow.
    private static readonly TimeSpan UntilItsJobs = TimeSpan.FromSeconds(30);

    public async Task AddAsync(SyncRun run, CancellationToken cancellationToken)
    {
        foreach (var table in run.Tables)
            await WriteAsync(run.Connection, run.Id, table, cancellationToken);

        await documents.SetAsync(run.Connection, Collection, run.Id, RunJson.Write(run), cancellationToken);
        await TrimAsync(run.Connection, cancellationToken);
    }

    /// <summary>The runs, newest first.</summary>
    public async Task<IReadOnlyList<SyncRun>> ListAsync(string connection, CancellationToken cancellationToken)
    {
        var open = await jobs.ListAsync(connection, cancellationToken);
        var runs = await ReadAsync(connection, cancellationToken);
        return await Task.WhenAll(runs.Select(run => CompleteAsync(run, open, cancellationToken)));
    }

    public async Task<SyncRun?> FindAsync(string connection, string id, CancellationToken cancellationToken)
    {
        var open = await jobs.ListAsync(connection, cancellationToken);
        return RunJson.Read<SyncRun>(await documents.FindAsync(connection, Collection, id, cancellationToken)) is { } run ? await CompleteAsync(run, open, cancellationToken) : null;
    }

    public Task WriteAsync(string connection, string id, TableRun table, CancellationToken cancellationToken) =>
        documents.SetAsync(connection, Tables(id), table.Table, RunJson.Write(table), cancellationToken);

    public async Task<TableRun?> FindTableAsync(string connection, string id, string table, CancellationToken cancellationToken) =>
        RunJson.Read<TableRun>(await documents.FindAsync(connection, Tables(id), table, cancellationToken));

    private static string Tables(string id) => $"run-{id}";

    private async Task<IEnumerable<SyncRun>> ReadAsync(string connection, CancellationToken cancellationToken) =>
        (await documents.ListAsync(connection, Collection, cancellationToken)).Values.Select(RunJson.Read<SyncRun>).OfType<SyncRun>()
            .OrderByDescending(static run => run.RequestedAt).ThenByDescending(static run => run.Id, StringComparer.Ordinal);

    /// <param name="open">Jobs, read before: one that ends meanwhile has told its end.</param>
    private async Task<SyncRun> CompleteAsync(SyncRun run, IReadOnlyList<SyncJob> open, CancellationToken cancellationToken)
    {
        var tables = await documents.ListAsync(run.Connection, Tables(run.Id), cancellationToken);
        return run with { Tables = [.. run.Tables.Select(table => Settle(RunJson.Read<TableRun>(tables.GetValueOrDefault(table.Table)) ?? table))] };

        // The cache server can lose a job, or be full when it is to be written: nobody will work on it.
        TableRun Settle(TableRun table) =>
            table.State is not (RunState.Queued or RunState.Running) || (time.GetUtcNow() - run.RequestedAt).Duration() < UntilItsJobs || open.Any(job => job.RunId == run.Id && job.Table == table.Table)
                ? table
                : table with { State = RunState.Failed, Error = table.Error ?? "The cache server has lost it.", EndedAt = run.RequestedAt };
    }

    /// <summary>Removes the oldest runs, but none that still has something to do.</summary>
    private async Task TrimAsync(string connection, CancellationToken cancellationToken)
    {
        var open = await jobs.ListAsync(connection, cancellationToken);
        foreach (var run in (await ReadAsync(connection, cancellationToken)).Skip(options.Value.RunsKept))
        {
            if (!(await CompleteAsync(run, open, cancellationToken)).IsOver)
                continue;

            await documents.DeleteAsync(connection, Collection, [run.Id], cancellationToken);
            await documents.DropAsync(connection, Tables(run.Id), cancellationToken);
        }
    }
}
