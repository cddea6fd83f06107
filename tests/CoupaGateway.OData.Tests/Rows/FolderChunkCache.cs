using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Tests.Rows;

/// <summary>A chunk folder without a cache behind it: the engine only asks where it is.</summary>
internal sealed class FolderChunkCache(string folder) : IChunkCache
{
    public string Folder { get; } = folder;

    public ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ChunkLease([.. chunks.Select(chunk => Path.Combine(Folder, chunk.Hash))], static () => { }));
}
