using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Snapshots.Chunks;

/// <summary>Chunks as local files: fetched from Redis on first use, verified by hash, dropped least recently used first.</summary>
public interface IChunkCache
{
    /// <summary>The folder that holds every file the cache hands out: the only folder the query engine may read.</summary>
    string Folder { get; }

    /// <summary>Opens chunks for reading; the files stay in place until the lease is disposed.</summary>
    /// <exception cref="ChunkMissingException">Redis no longer has a chunk, or what it has does not match the hash.</exception>
    ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken);
}
