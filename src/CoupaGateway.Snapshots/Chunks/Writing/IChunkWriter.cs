using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Replacing;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>Turns rows into sorted Parquet files that are ready to be uploaded.</summary>
public interface IChunkWriter
{
    /// <summary>Rows that a chunk should have.</summary>
    int RowsPerChunk { get; }

    /// <summary>
    /// Writes the rows of a buffer, sorted by key, into files of about <see cref="ChunkWritingOptions.RowsPerChunk"/> rows. Rows that share
    /// the first key column end up in one file. The buffer is left as it was. An empty buffer gives no file.
    /// </summary>
    IReadOnlyList<ChunkFile> Write(RowBuffer rows, CancellationToken cancellationToken);

    /// <summary>
    /// Reads chunks whose key ranges may overlap and writes their rows again, sorted by key, into files whose key ranges do not. Sorts on
    /// disk when memory does not suffice. Each file is handed out as soon as it is there.
    /// </summary>
    IEnumerable<ChunkFile> Merge(TableSchema table, IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>As <see cref="Merge"/>, but for the rows that have one of the values in a column of texts.</summary>
    IEnumerable<ChunkFile> MergeWithout(TableSchema table, IReadOnlyList<string> paths, string column, IReadOnlyCollection<string> values, CancellationToken cancellationToken);

    /// <summary>Begins to rewrite ranges of a table.</summary>
    IChunkReplacer Replace(TableSchema table);

    /// <summary>
    /// Writes the rows of files, as many as fit a chunk, into one file with new keys: <paramref name="firstKey"/> and up. The key, in microseconds since 1970,
    /// is their <c>_changed_at</c> as well.
    /// </summary>
    /// <param name="table">A table with one key column.</param>
    ChunkFile Renumber(TableSchema table, IReadOnlyList<string> paths, long firstKey, CancellationToken cancellationToken);
}
