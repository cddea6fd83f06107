using System.Collections.Immutable;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.Sync.Loading;

/// <summary>One table of a <see cref="CommitPlan"/>.</summary>
/// <param name="Version">Version that the commit makes; 0 leaves the table as it is.</param>
internal sealed record PlannedTable(long Version, ImmutableArray<ChunkInfo> Chunks);
