using System.Collections.Concurrent;
using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Leases in memory. They do not run out by themselves; a test takes one away.</summary>
internal sealed class MemoryLeases : ILeaseStore
{
    public ConcurrentDictionary<TableId, string> Owners { get; } = [];

    public Task<bool> TryAcquireAsync(TableId table, string owner, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult(Owners.TryAdd(table, owner));

    public Task<bool> RenewAsync(TableId table, string owner, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult(Owners.GetValueOrDefault(table) == owner);

    public Task ReleaseAsync(TableId table, string owner, CancellationToken cancellationToken)
    {
        Owners.TryRemove(KeyValuePair.Create(table, owner));
        return Task.CompletedTask;
    }
}
