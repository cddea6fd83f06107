namespace CoupaGateway.Snapshots.Chunks;

/// <summary>The disk of the chunk cache is full: an operator has to make room or to lower <see cref="CacheOptions.ChunkCacheBytes"/>.</summary>
public sealed class ChunkCacheFullException(string folder, Exception inner)
    : IOException($"No space left for the chunk cache in {folder}: make room there, or lower Cache:ChunkCacheBytes.", inner);
