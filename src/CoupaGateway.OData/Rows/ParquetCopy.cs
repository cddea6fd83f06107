using CoupaGateway.OData.Translation;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>One query whose rows DuckDB writes into a Parquet file.</summary>
internal static class ParquetCopy
{
    /// <summary>How often the length of the file is looked at.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(100);

    /// <summary>As chunks are stored, so that both fit into one file; larger row groups, because nobody looks up single rows in a download.</summary>
    private const string Format = "FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION v2, ROW_GROUP_SIZE 32768";

    /// <param name="path">Absolute path in a folder that the engine may write to.</param>
    /// <param name="maxBytes">Longest file.</param>
    public static void Run(RowQuery query, string path, long maxBytes, QueryGuard guard, TimeProvider time)
    {
        using var statement = guard.Connection.PrepareCopy($"COPY ({Stored(query)}) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' ({Format})");
        ParameterBinder.Bind(statement.Statement, query.Parameters);
        var tooLong = false;
        using (time.CreateTimer(_ => StopWhenTooLong(), null, Watch, Watch))
        {
            guard.Enter();
            var state = NativeMethods.PreparedStatements.DuckDBExecutePrepared(statement.Statement, out var result);
            guard.Leave();
            var error = state == DuckDBState.Success ? null : Explain(ref result);
            NativeMethods.Query.DuckDBDestroyResult(ref result);
            if (error is not null)
                throw error;
        }

        void StopWhenTooLong()
        {
            if (new FileInfo(path) is not { Exists: true } file || file.Length <= maxBytes)
                return;
            tooLong = true;
            guard.Connection.Interrupt();
        }

        Exception Explain(ref DuckDBResult result) => tooLong
            ? QueryErrors.TooLong(maxBytes)
            : guard.Explain(NativeMethods.Query.DuckDBResultErrorType(ref result), NativeMethods.Query.DuckDBResultError(ref result));
    }

    /// <summary>What is to be written, in the form that it has in a file.</summary>
    private static string Stored(RowQuery query) => query.Columns.Any(static column => column is { Hidden: true } or { Kind: RowValueKind.Duration })
        ? $"SELECT {string.Join(", ", query.Columns.Where(static column => !column.Hidden).Select(Stored))} FROM ({query.Sql})"
        : query.Sql;

    private static string Stored(RowColumn column)
    {
        var name = SqlText.Identifier(column.Name);
        return column.Kind == RowValueKind.Duration ? $"{DurationText.Of(name)} AS {name}" : name;
    }
}
