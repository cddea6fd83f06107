using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Schedules;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Runs;

/// <summary>Removes what a connection leaves behind beside its tables: jobs, history, checkpoints, what was due. No worker of any process goes on afterwards.</summary>
internal sealed class RunCleaner(IDocumentStore documents, ISyncStateStore state, ILeaseStore leases, IOptions<LoadOptions> options, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public async Task ForgetAsync(string connection, IReadOnlyCollection<string> apiTables, CancellationToken cancellationToken)
    {
        // A worker whose job is gone stops within a second, and gives its lease back.
        await documents.DropAsync(connection, JobQueue.Collection, cancellationToken);
        var owner = Guid.NewGuid().ToString("N");
        var tables = apiTables.Select(table => new TableId(connection, table)).ToArray();
        try
        {
            foreach (var table in tables)
            {
                await WaitForLeaseAsync(table, owner, cancellationToken);
                await new CheckpointFile(state, table).DeleteAsync(cancellationToken);
            }

            foreach (var collection in (string[])[JobQueue.Collection, RunHistory.Collection, DeadLetters.Collection, Scheduler.Collection, RetiredTables.Collection, PseudonymFindingsStore.Collection])
                await documents.DropAsync(connection, collection, cancellationToken);
        }
        finally
        {
            foreach (var table in tables)
                await leases.ReleaseAsync(table, owner, CancellationToken.None);
        }
    }

    private async Task WaitForLeaseAsync(TableId table, string owner, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (!await leases.TryAcquireAsync(table, owner, options.Value.LeaseLifetime, cancellationToken))
        {
            // A commit that was begun goes to its end, however long that takes; a lease that is not renewed runs out.
            if (time.GetElapsedTime(since) > options.Value.LeaseLifetime * 10)
                throw new TimeoutException($"A worker does not let go of {table}.");

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}
