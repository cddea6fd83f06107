using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// The one in-memory DuckDB instance, locked down: it can read the chunk folder and nothing else, load no extension, and nobody can change
/// that any more, not even with SQL of their own.
/// </summary>
internal sealed class QueryDatabase : IDisposable
{
    private readonly DuckDBDatabase _database;

    public QueryDatabase(QueryOptions options, string chunkFolder, string tempFolder)
    {
        if (NativeMethods.Startup.DuckDBOpen(":memory:", out _database) != DuckDBState.Success)
            throw new InvalidOperationException("DuckDB cannot be started.");

        using var connection = Connect();
        foreach (var statement in LockDown(options, chunkFolder, tempFolder))
            Execute(connection, statement);
    }

    public DuckDBNativeConnection Connect() =>
        NativeMethods.Startup.DuckDBConnect(_database, out var connection) == DuckDBState.Success
            ? connection
            : throw new InvalidOperationException("DuckDB gives no connection.");

    private static IEnumerable<string> LockDown(QueryOptions options, string chunkFolder, string tempFolder) =>
    [
        $"SET memory_limit = '{options.MemoryLimit}B'",
        $"SET threads = {(options.Threads > 0 ? options.Threads : Environment.ProcessorCount)}",
        $"SET temp_directory = {Quote(tempFolder)}",
        $"SET max_temp_directory_size = '{options.TempLimit}B'",

        // A chunk never changes under its name, so what was read of it once stays true.
        "SET parquet_metadata_cache = true",

        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        "SET allow_persistent_secrets = false",
        $"SET allowed_directories = [{Quote(chunkFolder)}]",
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

    public void Dispose() => _database.Dispose();
}
