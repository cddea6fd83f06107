using System.Collections.Concurrent;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>A state store in memory, with the contract of the real one but for lifetimes.</summary>
internal sealed class MemoryState : ISyncStateStore
{
    public ConcurrentDictionary<(TableId Table, string Name), string> Values { get; } = [];

    public Task<string?> GetAsync(TableId table, string name, CancellationToken cancellationToken) => Task.FromResult(Values.GetValueOrDefault((table, name)));

    public Task SetAsync(TableId table, string name, string value, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        Values[(table, name)] = value;
        return Task.CompletedTask;
    }

    public Task<bool> TrySetAsync(TableId table, string name, string? expected, string value, TimeSpan? lifetime, CancellationToken cancellationToken) => Task.FromResult(
        expected is null ? Values.TryAdd((table, name), value) : Values.TryUpdate((table, name), value, expected));

    public Task DeleteAsync(TableId table, string name, CancellationToken cancellationToken)
    {
        Values.TryRemove((table, name), out _);
        return Task.CompletedTask;
    }
}
