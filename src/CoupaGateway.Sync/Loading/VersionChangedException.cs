using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

/// <summary>The table is no longer the one that the run began with: what was read cannot be put into it.</summary>
internal sealed class VersionChangedException(TableId table) : CommitConflictException(table);
