using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Snapshots.Chunks;

/// <summary>A chunk that a manifest names cannot be had: the table is damaged and has to be loaded again.</summary>
public sealed class ChunkMissingException(TableId table, string hash, string reason)
    : Exception($"Chunk {hash} of {table} is not to be had: {reason}.")
{
    public TableId Table { get; } = table;

    public string Hash { get; } = hash;
}
