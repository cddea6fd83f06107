using CoupaGateway.Snapshots.State;

namespace CoupaGateway.Sync.Runs;

/// <summary>
/// The jobs of a connection, for all its workers. A job stays until it is done, so a worker that dies leaves it to the others; who may work on
/// it is told by the table's lease.
/// </summary>
internal sealed class JobQueue(IDocumentStore documents)
{
    internal const string Collection = "jobs";

    public async Task<IReadOnlyList<SyncJob>> ListAsync(string connection, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(connection, Collection, cancellationToken)).Values.Select(RunJson.Read<SyncJob>).OfType<SyncJob>()];

    public async Task<SyncJob?> FindAsync(string connection, string table, CancellationToken cancellationToken) =>
        RunJson.Read<SyncJob>(await documents.FindAsync(connection, Collection, table, cancellationToken));

    /// <summary>Whether a job keeps another one out: what somebody wants now takes the place of what waits to be tried again.</summary>
    public static bool IsInTheWay(SyncJob known, RunTrigger trigger, DateTimeOffset now) => !known.IsWaiting(now) || trigger != RunTrigger.Manual;

    /// <summary>Adds a job unless the table has one that is not just waiting to be tried again.</summary>
    /// <returns>The job in the way; null when there is none.</returns>
    public async Task<SyncJob?> TryAddAsync(string connection, SyncJob job, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = await FindAsync(connection, job.Table, cancellationToken);
            if (known is not null && IsInTheWay(known, job.Trigger, job.QueuedAt))
                return known;

            if (await TryReplaceAsync(connection, known, job, cancellationToken))
                return null;
        }
    }

    /// <summary>Replaces a job, or removes it, unless it has changed.</summary>
    public Task<bool> TryReplaceAsync(string connection, SyncJob? known, SyncJob? next, CancellationToken cancellationToken) => documents.TrySetAsync(
        connection, Collection, (known ?? next)!.Table, known is null ? null : RunJson.Write(known), next is null ? null : RunJson.Write(next), cancellationToken);
}
