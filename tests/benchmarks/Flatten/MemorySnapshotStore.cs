using System.Security.Cryptography;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Benchmarks.Flatten;

/// <summary>Hashes uploads as the real store does and remembers their size only.</summary>
internal sealed class MemorySnapshotStore : ISnapshotStore, IChunkCache
{
    public long Bytes { get; private set; }

    public int Chunks { get; private set; }

    public string Folder => throw new NotSupportedException();

    public ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TableManifest?> ReadCurrentAsync(TableId table, CancellationToken cancellationToken) => Task.FromResult<TableManifest?>(null);

    public Task<TableManifest?> ReadVersionAsync(TableId table, long version, CancellationToken cancellationToken) => Task.FromResult<TableManifest?>(null);

    public async Task<ChunkInfo> UploadAsync(TableId table, ChunkFile file, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(file.Path, cancellationToken);
        Bytes += content.Length;
        Chunks++;
        return new ChunkInfo(Convert.ToHexStringLower(SHA256.HashData(content)), file.Rows, content.Length, file.MinKey, file.MaxKey);
    }

    public Task<bool> KeepStagedAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<bool> CommitAsync(TableManifest next, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CommitAsync(IReadOnlyList<TableManifest> next, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<IReadOnlyList<TableId>> ListTablesAsync(string connection, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<TableId>>([]);

    public Task<IReadOnlyList<TableManifest>> ListAsync(string connection, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<TableManifest>>([]);

    public Task<IReadOnlyList<ChunkInfo>> FindMissingChunksAsync(TableManifest manifest, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ChunkInfo>>([]);

    public Task SettleAsync(TableId table, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DropAsync(TableId table, CancellationToken cancellationToken) => Task.CompletedTask;
}
