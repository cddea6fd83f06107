using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// One of the pooled connections. It runs one query at a time, and keeps the statements that it prepared last: preparing one over 60 columns takes as
/// long as reading a hundred rows.
/// </summary>
internal sealed class QueryConnection(DuckDBNativeConnection native) : IDisposable
{
    /// <summary>A statement of a wide table holds some hundred kilobytes.</summary>
    private const int MaxStatements = 16;

    /// <summary>A longer text seldom comes twice.</summary>
    private const int MaxCachedLength = 64 * 1024;

    /// <summary>Most recently used last.</summary>
    private readonly List<PreparedQuery> _statements = [];

    /// <summary>Prepares a SELECT, or finds it prepared; anything else is refused.</summary>
    public PreparedQuery Prepare(string sql)
    {
        var index = _statements.FindIndex(statement => statement.Sql == sql);
        if (index < 0)
            return PrepareAnew(sql, DuckDBStatementType.Select);

        var found = _statements[index];
        _statements.RemoveAt(index);
        return found;
    }

    /// <summary>Prepares a COPY of a query into a file; anything else is refused. It is not kept.</summary>
    public PreparedQuery PrepareCopy(string sql) => PrepareAnew(sql, DuckDBStatementType.Copy);

    /// <summary>Takes a statement back whose query is over and went well.</summary>
    public void Keep(PreparedQuery statement)
    {
        if (statement.Sql.Length > MaxCachedLength)
        {
            statement.Dispose();
            return;
        }

        if (_statements.Count == MaxStatements)
        {
            _statements[0].Dispose();
            _statements.RemoveAt(0);
        }

        _statements.Add(statement);
    }

    private PreparedQuery PrepareAnew(string sql, DuckDBStatementType type)
    {
        var state = NativeMethods.PreparedStatements.DuckDBPrepare(native, sql, out var statement);
        if (state != DuckDBState.Success)
        {
            var error = NativeMethods.PreparedStatements.DuckDBPrepareError(statement);
            statement.Dispose();
            throw new InvalidOperationException($"DuckDB cannot prepare the query: {error}");
        }

        if (DuckDbNative.StatementType(statement.DangerousGetHandle()) != type)
        {
            statement.Dispose();
            throw new InvalidOperationException($"The statement is no {type}.");
        }

        return new(sql, statement);
    }

    /// <summary>Makes the running query fail soon. Without one it does nothing. May be called from any thread.</summary>
    public void Interrupt() => native.Interrupt();

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        native.Dispose();
    }
}
