using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Snapshots.State;

/// <summary>Small values that a sync keeps per table: checkpoints of a run, what to resume.</summary>
public interface ISyncStateStore
{
    /// <summary>The value, or null when it was never set, was deleted or has expired.</summary>
    Task<string?> GetAsync(TableId table, string name, CancellationToken cancellationToken);

    /// <param name="lifetime">After which the value vanishes by itself; null keeps it.</param>
    Task SetAsync(TableId table, string name, string value, TimeSpan? lifetime, CancellationToken cancellationToken);

    /// <summary>Sets the value only if it is still <paramref name="expected"/> (null: absent).</summary>
    /// <returns>False when it was something else: nothing was changed.</returns>
    Task<bool> TrySetAsync(
        TableId table, string name, string? expected, string value, TimeSpan? lifetime, CancellationToken cancellationToken);

    Task DeleteAsync(TableId table, string name, CancellationToken cancellationToken);
}
