using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using DuckDB.NET.Data;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>A snapshot store of files in a folder and manifests in memory, with the contract of the real one.</summary>
internal sealed class MemoryStore : ISnapshotStore, IChunkCache, IDisposable
{
    private readonly ConcurrentDictionary<TableId, TableManifest> _manifests = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("store").FullName;

    /// <summary>Names of the tables of each commit.</summary>
    public ConcurrentQueue<string> Commits { get; } = [];

    public bool RefuseCommits { get; set; }

    public int Uploads { get; private set; }

    /// <summary>Called before each upload and commit; throws to end the run there.</summary>
    public Action<string>? OnStep { get; set; }

    public Task<TableManifest?> ReadCurrentAsync(TableId table, CancellationToken cancellationToken) => Task.FromResult(_manifests.GetValueOrDefault(table));

    public Task<TableManifest?> ReadVersionAsync(TableId table, long version, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ChunkInfo> UploadAsync(TableId table, ChunkFile file, CancellationToken cancellationToken)
    {
        OnStep?.Invoke("upload");
        Uploads++;
        var content = File.ReadAllBytes(file.Path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        File.WriteAllBytes(PathOf(hash), content);
        return Task.FromResult(new ChunkInfo(hash, file.Rows, content.Length, file.MinKey, file.MaxKey));
    }

    public Task<bool> KeepStagedAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) =>
        Task.FromResult(chunks.All(chunk => File.Exists(PathOf(chunk.Hash))));

    public Task<bool> CommitAsync(TableManifest next, CancellationToken cancellationToken) => CommitAsync([next], cancellationToken);

    public Task<bool> CommitAsync(IReadOnlyList<TableManifest> next, CancellationToken cancellationToken)
    {
        OnStep?.Invoke("commit");
        foreach (var manifest in next)
        {
            if (manifest.Chunks.FirstOrDefault(chunk => !File.Exists(PathOf(chunk.Hash))) is { } missing)
                throw new ChunkMissingException(manifest.Table, missing.Hash, "it was deleted");
        }

        if (RefuseCommits || next.Any(manifest => (_manifests.GetValueOrDefault(manifest.Table)?.Version ?? 0) != manifest.Version - 1))
            return Task.FromResult(false);

        foreach (var manifest in next)
        {
            _manifests[manifest.Table] = manifest;
        }

        Commits.Enqueue(string.Join(", ", next.Select(static manifest => manifest.Table.Table)));
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<TableManifest>> ListAsync(string connection, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ChunkInfo>> FindMissingChunksAsync(TableManifest manifest, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChunkInfo>>([.. manifest.Chunks.Where(chunk => !File.Exists(PathOf(chunk.Hash)))]);

    public Task SettleAsync(TableId table, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DropAsync(TableId table, CancellationToken cancellationToken)
    {
        _manifests.TryRemove(table, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TableId>> ListTablesAsync(string connection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TableId>>([.. _manifests.Keys.Where(table => table.Connection == connection)]);

    public ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ChunkLease([.. chunks.Select(chunk => PathOf(chunk.Hash))], static () => { }));

    /// <summary>The rows of a committed table, chunk after chunk as they lie there, the named columns as text.</summary>
    public List<string> Read(string connection, TableSchema table, params string[] columns)
    {
        var rows = new List<string>();
        foreach (var chunk in _manifests[new TableId(connection, table.Name)].Chunks)
        {
            using var duck = new DuckDBConnection("DataSource=:memory:");
            duck.Open();
            using var command = duck.CreateCommand();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture, $"SELECT concat_ws('|', {string.Join(", ", columns.Select(static column => $"\"{column}\""))}) FROM read_parquet('{PathOf(chunk.Hash)}')");
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows.Add(reader.GetString(0));
        }

        return rows;
    }

    public TableManifest? Find(string connection, string table) => _manifests.GetValueOrDefault(new TableId(connection, table));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public void Lose(ChunkInfo chunk) => Lose(chunk.Hash);

    public void Lose(string hash) => File.Delete(PathOf(hash));

    /// <summary>Hashes of all chunks, also of those that were not committed.</summary>
    public IEnumerable<string> Chunks() => Directory.EnumerateFiles(Folder).Select(static path => Path.GetFileName(path));

    private string PathOf(string hash) => Path.Combine(Folder, hash);
}
