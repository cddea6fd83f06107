using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

/// <summary>Another worker has gone on with the table: what it does stays.</summary>
internal class CommitConflictException(TableId table) : Exception($"Another worker has gone on with {table} meanwhile.");
