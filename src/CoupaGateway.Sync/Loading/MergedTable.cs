using System.Collections.Immutable;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.Sync.Loading;

/// <summary>A table after its new rows were put in.</summary>
/// <param name="Chunks">All chunks, in key order.</param>
/// <param name="IsChanged">Whether they are others than before.</param>
/// <param name="Changed">Rows that are new or have another content.</param>
/// <param name="Deleted">Rows that are gone.</param>
internal sealed record MergedTable(ImmutableArray<ChunkInfo> Chunks, bool IsChanged, long Changed, long Deleted);
