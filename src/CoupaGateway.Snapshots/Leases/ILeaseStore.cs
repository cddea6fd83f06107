using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Snapshots.Leases;

/// <summary>
/// Who works on a table, over all processes: one owner at a time, for as long as it renews. A lease spares work, it does not guard data: a worker
/// that lost its lease without noticing is stopped by the manifest's compare-and-set.
/// </summary>
public interface ILeaseStore
{
    /// <summary>Takes the lease of a table unless somebody has it.</summary>
    /// <param name="owner">A value that nobody else uses, new for each try.</param>
    Task<bool> TryAcquireAsync(TableId table, string owner, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease that the owner still has.</summary>
    /// <returns>False: it has run out or somebody else has it.</returns>
    Task<bool> RenewAsync(TableId table, string owner, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Gives a lease back, if the owner still has it.</summary>
    Task ReleaseAsync(TableId table, string owner, CancellationToken cancellationToken);
}
