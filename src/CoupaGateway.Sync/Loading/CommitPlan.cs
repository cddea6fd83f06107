using System.Collections.Immutable;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.Sync.Loading;

/// <summary>What a run commits, written down before the first commit so that it can be finished after a crash.</summary>
/// <param name="Tables">The chunks of each table of the family; default where nothing is different.</param>
/// <param name="Watermark">Watermark of the family from then on.</param>
/// <param name="Deleted">Chunks with the rows that are gone, not yet numbered.</param>
internal sealed record CommitPlan(ImmutableArray<PlannedTable> Tables, DateTimeOffset? Watermark, ImmutableArray<ChunkInfo> Deleted);
