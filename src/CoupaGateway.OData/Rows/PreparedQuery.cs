using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>A SELECT that DuckDB has planned; it can run again with other values.</summary>
internal sealed class PreparedQuery(string sql, DuckDBPreparedStatement statement) : IDisposable
{
    public string Sql { get; } = sql;

    public DuckDBPreparedStatement Statement { get; } = statement;

    public void Dispose() => Statement.Dispose();
}
