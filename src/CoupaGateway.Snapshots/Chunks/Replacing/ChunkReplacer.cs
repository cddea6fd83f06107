using System.Globalization;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Writing;
using DuckDB.NET.Data;

namespace CoupaGateway.Snapshots.Chunks.Replacing;

/// <summary>Replaces rows with DuckDB, over the Parquet files.</summary>
/// <remarks>
/// <code>
///   stale   old rows of the parents that are replaced
///   fresh   new rows of the range
///   1. compare them by key: nothing different, nothing to do
///   2. old rows of other parents  UNION ALL  fresh, with the _changed_at of an equal stale row
///   3. ORDER BY key, cut by root key, one COPY a file
/// </code>
/// </remarks>
internal sealed class ChunkReplacer : IChunkReplacer
{
    // A range is written as one file up to so much more than a chunk should have.
    private const double OneFile = 1.5;

    private readonly ChunkWritingOptions _options;
    private readonly string _folder;
    private readonly DuckDBConnection _connection;
    private readonly string _root;
    private readonly string _key;
    private readonly string _join;
    private readonly string _same;
    private readonly string _keyAsJson;
    private readonly string _merged;

    public ChunkReplacer(TableSchema table, string folder, ChunkWritingOptions options)
    {
        (_options, _folder) = (options, folder);
        _root = ParquetSql.Identifier(table.Key[0].Name);
        _key = ParquetSql.Key(table);
        _join = string.Join(" AND ", table.Key.Select(static column => $"f.{Quoted(column)} = s.{Quoted(column)}"));
        var content = table.Columns.Where(static column => !column.IsKey && column.Kind != ColumnKind.ChangedAt);
        _same = string.Join(" AND ", content.Select(static column => $"f.{Quoted(column)} IS NOT DISTINCT FROM s.{Quoted(column)}").Prepend($"s.{_root} IS NOT NULL"));
        _keyAsJson = string.Join(" || ',' || ", table.Key.Select(static column => $"{ParquetSql.Literal($"\"{column.Name}\":")} || {Quoted(column)}"));
        _merged = string.Join(", ", table.Columns.Select(column => column.Kind == ColumnKind.ChangedAt
            ? $"CASE WHEN {_same} THEN s.{Quoted(column)} ELSE f.{Quoted(column)} END AS {Quoted(column)}"
            : $"f.{Quoted(column)}"));
        _connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            _connection.Open();
            Execute("SET threads = 1");
            Execute(string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{options.MemoryMegabytes}MB'"));
            Execute($"SET temp_directory = {ParquetSql.Literal(folder)}");
            Execute("CREATE TEMP TABLE roots (root BIGINT)");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public ReplacedRange Replace(RangeReplacement replacement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Prepare(replacement);
        var (added, updated) = Compare();
        var deleted = replacement.Old.Count == 0 ? [] : Texts($"SELECT '{{' || {_keyAsJson} || '}}' FROM stale s WHERE NOT EXISTS (FROM fresh f WHERE {_join}) ORDER BY {_key}");
        if (added == 0 && updated == 0 && deleted.Count == 0 && !replacement.Rewrite)
            return ReplacedRange.Unchanged;

        return new ReplacedRange(Write(Merged(replacement), cancellationToken), added, updated, deleted);
    }

    public IReadOnlyList<long> ReadRootKeys(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (paths.Count == 0)
            return [];

        using var command = Command($"SELECT DISTINCT {_root} FROM {ParquetSql.Files(paths)} ORDER BY 1");
        using var reader = command.ExecuteReader();
        var keys = new List<long>();
        while (reader.Read())
            keys.Add(reader.GetInt64(0));

        return keys;
    }

    public void Dispose() => _connection.Dispose();

    private static string Quoted(ColumnSchema column) => ParquetSql.Identifier(column.Name);

    private void Prepare(RangeReplacement replacement)
    {
        Execute("DELETE FROM roots");
        if (replacement.Roots is { } roots)
        {
            using var appender = _connection.CreateAppender("temp", null, "roots");
            foreach (var root in roots)
                appender.CreateRow().AppendValue(root).EndRow();
        }

        var fresh = replacement.New.Count == 0 ? null : ParquetSql.Files(replacement.New);
        var old = replacement.Old.Count == 0 ? null : ParquetSql.Files(replacement.Old);
        var shape = fresh ?? old ?? throw new ArgumentException("There are neither old nor new rows.", nameof(replacement));
        Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM {shape} WHERE {(fresh is null ? "false" : $"{_root} BETWEEN {replacement.First} AND {replacement.Last}")}"));
        Execute($"CREATE OR REPLACE TEMP TABLE stale AS SELECT * FROM {old ?? shape} WHERE {Stale(replacement, old)}");
    }

    private string Stale(RangeReplacement replacement, string? old) => (old, replacement.Roots) switch
    {
        (null, _) => "false",
        (_, null) => "true",
        _ => $"{_root} IN (SELECT root FROM roots)",
    };

    private (long Added, long Updated) Compare()
    {
        using var command = Command(
            $"SELECT count(*) FILTER (WHERE s.{_root} IS NULL), count(*) FILTER (WHERE s.{_root} IS NOT NULL AND NOT ({_same})) FROM fresh f LEFT JOIN stale s ON {_join}");
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private string Merged(RangeReplacement replacement)
    {
        var fresh = $"SELECT {_merged} FROM fresh f LEFT JOIN stale s ON {_join}";
        var others = replacement.Old.Count == 0 || replacement.Roots is null
            ? ""
            : $"SELECT * FROM {ParquetSql.Files(replacement.Old)} WHERE {_root} NOT IN (SELECT root FROM roots) UNION ALL ";
        return others + fresh;
    }

    private List<ChunkFile> Write(string rows, CancellationToken cancellationToken)
    {
        var files = new List<ChunkFile>();
        try
        {
            // Mostly it stays one file, which is written as the rows are merged.
            var cuts = One(rows) is { } one ? [one] : Cuts(rows);
            var source = cuts.Count == 1 ? $"({rows})" : "merged";
            foreach (var (first, last) in cuts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.parquet");
                var range = cuts.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" WHERE {_root} BETWEEN {first} AND {last}");
                var query = $"SELECT * FROM {source}{range} ORDER BY {_key}";
                files.Add(new ChunkFile(path, Execute(ParquetSql.CopyTo(query, path, _options)), first, last));
            }

            return files;
        }
        catch
        {
            foreach (var file in files.Where(static file => File.Exists(file.Path)))
                File.Delete(file.Path);

            throw;
        }
    }

    /// <summary>The keys of all rows, when they fit one file; null when they do not or there are none.</summary>
    private (long First, long Last)? One(string rows)
    {
        using var command = Command($"SELECT count(*), min({_root}), max({_root}) FROM ({rows})");
        using var reader = command.ExecuteReader();
        reader.Read();
        var count = reader.GetInt64(0);
        return count > 0 && count <= (long)(_options.RowsPerChunk * OneFile) ? (reader.GetInt64(1), reader.GetInt64(2)) : null;
    }

    private List<(long First, long Last)> Cuts(string rows)
    {
        Execute($"CREATE OR REPLACE TEMP TABLE merged AS {rows}");
        using var command = Command(string.Create(
            CultureInfo.InvariantCulture,
            $"""
             SELECT min(root), max(root)
             FROM (SELECT root, (sum(size) OVER (ORDER BY root) - 1) // {_options.RowsPerChunk} AS bucket
                   FROM (SELECT {_root} AS root, count(*) AS size FROM merged GROUP BY root))
             GROUP BY bucket ORDER BY 1
             """));
        using var reader = command.ExecuteReader();
        var cuts = new List<(long, long)>();
        while (reader.Read())
            cuts.Add((reader.GetInt64(0), reader.GetInt64(1)));

        return cuts;
    }

    private List<string> Texts(string sql)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
            texts.Add(reader.GetString(0));

        return texts;
    }

    private int Execute(string sql)
    {
        try
        {
            using var command = Command(sql);
            return command.ExecuteNonQuery();
        }
        catch (DuckDBException failure) when (StagingFullException.IsCause(failure.Message))
        {
            throw new StagingFullException(_options.Folder, failure);
        }
    }

    private DuckDBCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
