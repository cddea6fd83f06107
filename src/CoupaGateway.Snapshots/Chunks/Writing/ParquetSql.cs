using System.Globalization;
using CoupaGateway.Schema;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>The pieces of SQL that write and read chunks. Identifiers come from schemas, paths from this process; both are quoted.</summary>
internal static class ParquetSql
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Files(IEnumerable<string> paths) => $"read_parquet([{string.Join(", ", paths.Select(Literal))}])";

    /// <summary>Files with a further column <c>file_row_number</c>.</summary>
    public static string NumberedFiles(IEnumerable<string> paths) => $"read_parquet([{string.Join(", ", paths.Select(Literal))}], file_row_number = true)";

    public static string Key(TableSchema table) => string.Join(", ", table.Key.Select(static column => Identifier(column.Name)));

    public static string CopyTo(string query, string path, ChunkWritingOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"COPY ({query}) TO {Literal(path)} (FORMAT parquet, {Format}, ROW_GROUP_SIZE {options.RowsPerRowGroup})");

    /// <summary>
    /// LZ4 unpacks several times as fast as zstd, and version 2's delta encodings (numbers, instants, lengths of texts) win back most of the room that it takes.
    /// </summary>
    private const string Format = "COMPRESSION lz4_raw, PARQUET_VERSION v2";
}
