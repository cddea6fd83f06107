using System.Globalization;
using CoupaGateway.Schema;
using DuckDB.NET.Data;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>Writes rows again with new, rising keys that are their <c>_changed_at</c> as well, in microseconds since 1970.</summary>
internal static class ChunkRenumbering
{
    /// <param name="table">A table with one key column.</param>
    public static ChunkFile Write(TableSchema table, IReadOnlyList<string> paths, long firstKey, string path, ChunkWritingOptions options)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET threads = 1";
        command.ExecuteNonQuery();
        var key = ParquetSql.Identifier(table.Key[0].Name);
        var columns = table.Columns.Select(column => column switch
        {
            { IsKey: true } => $"k AS {key}",
            { Kind: ColumnKind.ChangedAt } => $"make_timestamp(k) AS {ParquetSql.Identifier(column.Name)}",
            _ => ParquetSql.Identifier(column.Name),
        });
        var numbered = string.Create(CultureInfo.InvariantCulture, $"SELECT *, {firstKey} + row_number() OVER (ORDER BY file_row_number) - 1 AS k FROM {ParquetSql.NumberedFiles(paths)}");
        command.CommandText = ParquetSql.CopyTo($"SELECT {string.Join(", ", columns)} FROM ({numbered}) ORDER BY k", path, options);
        var rows = command.ExecuteNonQuery();
        return new ChunkFile(path, rows, firstKey, firstKey + rows - 1);
    }
}
