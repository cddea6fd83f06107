using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Runs;

/// <summary>Writes down what is wanted, for the workers to find.</summary>
internal sealed class SyncRuns(ISchemaProvider schemas, JobQueue jobs, RunHistory history, DeadLetters letters, RunCleaner cleaner, WakeSignal wake, TimeProvider time) : ISyncRuns
{
    public async Task<SyncRun> StartAsync(string connection, SyncRequest request, CancellationToken cancellationToken)
    {
        var tables = Resolve(connection, request);
        var now = time.GetUtcNow();

        // Mostly this is seen before anything is written; between two who ask at once, below.
        var known = await jobs.ListAsync(connection, cancellationToken);
        if (known.FirstOrDefault(job => tables.Contains(job.Table) && JobQueue.IsInTheWay(job, request.Trigger, now)) is { } first)
            throw new RunConflictException(first.Table, first.RunId);

        var run = new SyncRun
        {
            Id = NewId(now),
            Connection = connection,
            Mode = request.Mode,
            Trigger = request.Trigger,
            RequestedAt = now,
            Tables = [.. tables.Select(table => new TableRun { Table = table, Mode = request.Mode })],
        };
        await history.AddAsync(run, cancellationToken);
        var added = new List<SyncJob>();
        foreach (var table in tables)
        {
            var job = new SyncJob
            {
                RunId = run.Id,
                Table = table,
                Mode = request.Mode,
                Trigger = request.Trigger,
                LooksBack = request.LooksBack,
                Keys = request.Keys.GetValueOrDefault(table, []),
                QueuedAt = now,
            };
            if (await jobs.TryAddAsync(connection, job, cancellationToken) is { } inTheWay)
            {
                foreach (var before in added)
                    await jobs.TryReplaceAsync(connection, before, null, cancellationToken);

                foreach (var cancelled in run.Tables)
                    await history.WriteAsync(connection, run.Id, cancelled with { State = RunState.Cancelled, Error = $"{table} is in run {inTheWay.RunId}.", EndedAt = now }, cancellationToken);

                throw new RunConflictException(table, inTheWay.RunId);
            }

            added.Add(job);
        }

        // What waited to be tried again in an earlier run has failed there.
        foreach (var replaced in known.Where(job => tables.Contains(job.Table)))
        {
            if (await history.FindTableAsync(connection, replaced.RunId, replaced.Table, cancellationToken) is { } before)
                await history.WriteAsync(connection, replaced.RunId, before with { State = RunState.Failed, EndedAt = now }, cancellationToken);
        }

        wake.Set();
        return run;
    }

    public Task<IReadOnlyList<SyncRun>> ListAsync(string connection, CancellationToken cancellationToken) => history.ListAsync(connection, cancellationToken);

    public Task<SyncRun?> FindAsync(string connection, string id, CancellationToken cancellationToken) => history.FindAsync(connection, id, cancellationToken);

    public async Task<bool> CancelAsync(SyncRun run, CancellationToken cancellationToken)
    {
        var cancelled = false;
        foreach (var table in run.Tables)
        {
            while (await jobs.FindAsync(run.Connection, table.Table, cancellationToken) is { IsCancelled: false } job && job.RunId == run.Id)
            {
                if (!await jobs.TryReplaceAsync(run.Connection, job, job with { IsCancelled = true, NotBefore = null, Delay = null }, cancellationToken))
                    continue;

                cancelled = true;
                break;
            }
        }

        wake.Set();
        return cancelled;
    }

    public async Task ForgetAsync(string connection, IReadOnlyCollection<string> apiTables, CancellationToken cancellationToken)
    {
        await cleaner.ForgetAsync(connection, apiTables, cancellationToken);
        wake.Set();
    }

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string connection, CancellationToken cancellationToken) => letters.ListAsync(connection, cancellationToken);

    /// <summary>Sorts by time, and is no secret.</summary>
    private static string NewId(DateTimeOffset now) => $"{now.UtcDateTime:yyyyMMdd'T'HHmmss}-{Guid.NewGuid().ToString("N")[..8]}";

    private string[] Resolve(string connection, SyncRequest request)
    {
        if (schemas.Find(connection) is not { } schema)
            throw new ArgumentException($"There is no connection {connection}.", nameof(connection));

        var all = schema.ApiTables();
        var unknown = request.Tables.Except(all).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
            throw new ArgumentException($"{connection} has no API table {string.Join(", ", unknown)}.", nameof(request));

        return request.Tables.IsDefaultOrEmpty ? [.. all] : [.. request.Tables.Distinct()];
    }
}
