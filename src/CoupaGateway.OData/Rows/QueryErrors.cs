using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// DuckDB's errors in words fit for a caller. DuckDB's own text may quote SQL and file names, which callers must not see, and values of rows and of the
/// query, which nobody must see, logs included: it is kept only for kinds of errors that speak of the statement or the machine, never of data.
/// </summary>
internal static class QueryErrors
{
    public static Exception TimedOut(TimeSpan limit) =>
        new QueryRejectedException(
            QueryRejection.TimedOut,
            $"The query took longer than {limit.TotalSeconds:0.###} seconds. Narrow it with $filter, or ask for fewer columns with $select.");

    public static Exception TooLong(long bytes) =>
        new QueryRejectedException(
            QueryRejection.TooLarge,
            $"The result is longer than the {bytes >> 20} MB that a sorted or filtered file may have. Narrow it with $filter or $select, leave $orderby out, or read pages.");

    public static Exception Busy() =>
        new QueryRejectedException(QueryRejection.Busy, "Too many queries are running. Try again in a moment.");

    /// <param name="detail">DuckDB's own text, for logs.</param>
    public static Exception FromDuckDb(DuckDBErrorType type, string? detail)
    {
        var inner = new InvalidOperationException(SpeaksOfData(type) ? $"DuckDB: {type}" : $"DuckDB: {type}: {detail}");
        return type switch
        {
            DuckDBErrorType.OutOfRange or DuckDBErrorType.Decimal =>
                new QueryRejectedException(QueryRejection.InvalidValue, "A value in the query, or the result of an operation on it, is too large or too small.", inner),
            DuckDBErrorType.Conversion or DuckDBErrorType.MismatchType =>
                new QueryRejectedException(QueryRejection.InvalidValue, "A value in the query cannot be converted to the type that is needed there.", inner),
            DuckDBErrorType.DivideByZero =>
                new QueryRejectedException(QueryRejection.InvalidValue, "The query divides by zero.", inner),
            DuckDBErrorType.InvalidInput or DuckDBErrorType.Expression =>
                new QueryRejectedException(QueryRejection.InvalidValue, "A function in the query was given a value that it cannot work with, such as a faulty regular expression.", inner),
            // Nobody has interrupted it but DuckDB itself: where several threads work, the one that fails stops the others, and now and then it is their end that is told.
            DuckDBErrorType.Interrupt =>
                new QueryRejectedException(QueryRejection.InvalidValue, "The query cannot be computed: a value in it, or the result of an operation on it, cannot be worked with.", inner),
            DuckDBErrorType.OutOfMemory or DuckDBErrorType.ObjectSize =>
                new QueryRejectedException(
                    QueryRejection.TooLarge, "The query needs more memory than one may use. Narrow it with $filter, or ask for fewer columns with $select.", inner),
            _ => inner,
        };
    }

    private static bool SpeaksOfData(DuckDBErrorType type) => type is not (
        DuckDBErrorType.Binder or DuckDBErrorType.Catalog or DuckDBErrorType.Parser or DuckDBErrorType.Syntax or DuckDBErrorType.NotImplemented
        or DuckDBErrorType.Io or DuckDBErrorType.Permission or DuckDBErrorType.OutOfMemory or DuckDBErrorType.Fatal or DuckDBErrorType.Internal);
}
