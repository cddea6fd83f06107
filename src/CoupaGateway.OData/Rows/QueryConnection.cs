using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>One of the pooled connections. It runs one query at a time.</summary>
internal sealed class QueryConnection(DuckDBNativeConnection native) : IDisposable
{
    /// <summary>Prepares a SELECT; anything else is refused.</summary>
    public DuckDBPreparedStatement Prepare(string sql)
    {
        var state = NativeMethods.PreparedStatements.DuckDBPrepare(native, sql, out var statement);
        if (state != DuckDBState.Success)
        {
            var error = NativeMethods.PreparedStatements.DuckDBPrepareError(statement);
            statement.Dispose();
            throw new InvalidOperationException($"DuckDB cannot prepare the query: {error}");
        }

        if (DuckDbNative.StatementType(statement.DangerousGetHandle()) != DuckDBStatementType.Select)
        {
            statement.Dispose();
            throw new InvalidOperationException("Only SELECT is a query.");
        }

        return statement;
    }

    /// <summary>Makes the running query fail soon. Without one it does nothing. May be called from any thread.</summary>
    public void Interrupt() => native.Interrupt();

    public void Dispose() => native.Dispose();
}
