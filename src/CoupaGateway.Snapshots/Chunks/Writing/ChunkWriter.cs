using System.Collections.Concurrent;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Replacing;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>
/// Writes chunks with DuckDB. Each writing at a time has an engine of its own, with one thread, taken from a pool: how many run at once is
/// the caller's choice.
/// </summary>
internal sealed class ChunkWriter : IChunkWriter, IDisposable
{
    private readonly ChunkWritingOptions _options;
    private readonly ConcurrentBag<ParquetEngine> _idle = [];
    private readonly StagingFolder _folder;
    private bool _disposed;

    public ChunkWriter(IOptions<ChunkWritingOptions> options)
    {
        _options = options.Value;
        _folder = StagingFolder.Create(Path.GetFullPath(_options.Folder));
    }

    /// <summary>Where this writer keeps its files.</summary>
    internal string Folder => _folder.Path;

    public int RowsPerChunk => _options.RowsPerChunk;

    public IReadOnlyList<ChunkFile> Write(RowBuffer rows, CancellationToken cancellationToken)
    {
        if (rows.Rows == 0)
            return [];

        var order = new RowOrder(rows);
        var files = new List<ChunkFile>();
        var engine = Rent();
        try
        {
            foreach (var range in order.Cut(_options.RowsPerChunk))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = NewPath();
                var (start, length) = range.GetOffsetAndLength(rows.Rows);
                files.Add(new ChunkFile(path, length, order.RootKeyAt(start), order.RootKeyAt(start + length - 1)));
                engine.Write(new RowSlice(rows, order.Permutation, start, length), path);
            }

            _idle.Add(engine);
            return files;
        }
        catch
        {
            engine.Dispose();
            foreach (var file in files.Where(static file => File.Exists(file.Path)))
                File.Delete(file.Path);

            throw;
        }
    }

    public IEnumerable<ChunkFile> Merge(TableSchema table, IReadOnlyList<string> paths, CancellationToken cancellationToken) => Merge(table, paths, condition: null, cancellationToken);

    public IEnumerable<ChunkFile> MergeWithout(TableSchema table, IReadOnlyList<string> paths, string column, IReadOnlyCollection<string> values, CancellationToken cancellationToken) => Merge(
        table, paths, $"coalesce({ParquetSql.Identifier(column)} NOT IN ({string.Join(", ", values.Select(ParquetSql.Literal))}), true)", cancellationToken);

    private IEnumerable<ChunkFile> Merge(TableSchema table, IReadOnlyList<string> paths, string? condition, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
            yield break;

        var folder = Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName()));
        try
        {
            using var merge = new ChunkMerge(table, paths, condition, folder.FullName, _options);
            foreach (var (minimum, maximum) in merge.Ranges(_options.RowsPerChunk))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = NewPath();
                var rows = merge.Write(minimum, maximum, path);
                yield return new ChunkFile(path, rows, minimum, maximum);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public IChunkReplacer Replace(TableSchema table) => new ChunkReplacer(table, Folder, _options);

    public ChunkFile Renumber(TableSchema table, IReadOnlyList<string> paths, long firstKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ChunkRenumbering.Write(table, paths, firstKey, NewPath(), _options);
    }

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        while (_idle.TryTake(out var engine))
            engine.Dispose();

        _folder.Dispose();
    }

    private ParquetEngine Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _idle.TryTake(out var engine) ? engine : new ParquetEngine(_options);
    }

    private string NewPath() => Path.Combine(Folder, $"{Guid.NewGuid():N}.parquet");
}
