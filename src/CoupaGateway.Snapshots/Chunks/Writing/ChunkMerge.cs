using System.Globalization;
using CoupaGateway.Schema;
using DuckDB.NET.Data;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>
/// Sorts the rows of overlapping chunks in a database file of its own (so that memory stays bounded), then reads them out range by range.
/// </summary>
internal sealed class ChunkMerge : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly ChunkWritingOptions _options;
    private readonly string _rootKey;
    private readonly string _key;

    /// <param name="condition">SQL that holds for the rows to be written; null for all.</param>
    public ChunkMerge(TableSchema table, IReadOnlyList<string> paths, string? condition, string folder, ChunkWritingOptions options)
    {
        _options = options;
        _key = ParquetSql.Key(table);
        _rootKey = ParquetSql.Identifier(table.Key[0].Name);
        _connection = new DuckDBConnection($"DataSource={Path.Combine(folder, "merge.duckdb")}");
        try
        {
            _connection.Open();
            Execute(string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{options.MemoryMegabytes}MB'"));
            Execute($"SET temp_directory = {ParquetSql.Literal(folder)}");
            Execute("SET threads = 1");
            Execute($"CREATE TABLE sorted AS SELECT * FROM {ParquetSql.Files(paths)}{(condition is null ? string.Empty : $" WHERE {condition}")} ORDER BY {_key}");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Ranges of the first key column that hold about so many rows each, in order, disjoint, both ends in use.</summary>
    public List<(long Minimum, long Maximum)> Ranges(int rows)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"""
             SELECT min(root), max(root)
             FROM (SELECT root, (sum(size) OVER (ORDER BY root) - 1) // {rows} AS bucket
                   FROM (SELECT {_rootKey} AS root, count(*) AS size FROM sorted GROUP BY root))
             GROUP BY bucket ORDER BY 1
             """);
        using var reader = command.ExecuteReader();
        var ranges = new List<(long, long)>();
        while (reader.Read())
            ranges.Add((reader.GetInt64(0), reader.GetInt64(1)));

        return ranges;
    }

    /// <summary>Writes the rows of one range and returns their number.</summary>
    public long Write(long minimum, long maximum, string path)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT * FROM sorted WHERE {_rootKey} BETWEEN {minimum} AND {maximum} ORDER BY {_key}");
        return Execute(ParquetSql.CopyTo(query, path, _options));
    }

    public void Dispose() => _connection.Dispose();

    private int Execute(string sql)
    {
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteNonQuery();
        }
        catch (DuckDBException failure) when (StagingFullException.IsCause(failure.Message))
        {
            throw new StagingFullException(_options.Folder, failure);
        }
    }
}
