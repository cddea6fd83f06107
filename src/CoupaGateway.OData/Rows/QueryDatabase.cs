using System.Collections.Concurrent;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// An in-memory DuckDB instance, locked down, and a pool of connections to it: it can read the chunk folder and nothing else, load no extension, and
/// nobody can change that any more, not even with SQL of their own.
/// </summary>
internal sealed class QueryDatabase : IDisposable
{
    private readonly DuckDBDatabase _database;
    private readonly ConcurrentBag<QueryConnection> _idle = [];

    public QueryDatabase(QueryDatabaseConfig config)
    {
        if (NativeMethods.Startup.DuckDBOpen(":memory:", out _database) != DuckDBState.Success)
            throw new InvalidOperationException("DuckDB cannot be started.");

        using var connection = Connect();
        foreach (var statement in LockDown(config))
            Execute(connection, statement);
    }

    public DuckDBNativeConnection Connect() =>
        NativeMethods.Startup.DuckDBConnect(_database, out var connection) == DuckDBState.Success
            ? connection
            : throw new InvalidOperationException("DuckDB gives no connection.");

    /// <summary>A connection for one query at a time; <see cref="Return"/> takes it back.</summary>
    public QueryConnection Rent() => _idle.TryTake(out var connection) ? connection : new QueryConnection(Connect());

    public void Return(QueryConnection connection) => _idle.Add(connection);

    private static IEnumerable<string> LockDown(QueryDatabaseConfig config) =>
    [
        $"SET memory_limit = '{config.MemoryLimit}B'",
        $"SET threads = {config.Threads}",
        $"SET temp_directory = {Quote(config.TempFolder)}",
        $"SET max_temp_directory_size = '{config.TempLimit}B'",

        // A chunk never changes under its name, so what was read of it once stays true.
        "SET GLOBAL parquet_metadata_cache = true",

        // The system caches files already; DuckDB's own copies of them took 90 MB while 1 M rows were read, and saved no time.
        "SET enable_external_file_cache = false",

        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        "SET allow_persistent_secrets = false",
        $"SET allowed_directories = [{Quote(config.ChunkFolder)}{(config.ExportFolder is null ? string.Empty : $", {Quote(config.ExportFolder)}")}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ];

    private static string Quote(string text) => $"'{text.Replace("'", "''")}'";

    private static void Execute(DuckDBNativeConnection connection, string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection, sql, out var result);
        var error = state == DuckDBState.Success ? null : NativeMethods.Query.DuckDBResultError(ref result);
        NativeMethods.Query.DuckDBDestroyResult(ref result);
        if (error is not null)
            throw new InvalidOperationException($"DuckDB refused '{sql}': {error}");
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
        _database.Dispose();
    }
}
