using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

/// <summary>Another worker committed a version of the table while it was being loaded here; that version stays.</summary>
internal sealed class CommitConflictException(TableId table) : Exception($"Another worker has committed {table} meanwhile.");
