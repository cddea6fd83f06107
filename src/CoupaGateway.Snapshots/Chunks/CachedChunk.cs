namespace CoupaGateway.Snapshots.Chunks;

/// <summary>What the cache knows of one file. Guarded by the cache's lock, but for <see cref="Ready"/>.</summary>
internal sealed class CachedChunk(string hash, string path)
{
    public string Hash { get; } = hash;

    public string Path { get; } = path;

    /// <summary>Bytes on disk that count against the limit.</summary>
    public long Bytes { get; set; }

    /// <summary>How many leases hold the file.</summary>
    public int Leases { get; set; }

    /// <summary>Ends when the file is there and verified, with its time of writing. Null: adopted, not looked at yet.</summary>
    public Task<DateTime>? Ready { get; set; }

    public LinkedListNode<CachedChunk>? Node { get; set; }
}
