namespace CoupaGateway.Schema;

/// <summary>Limits that hold for every schema, whatever its source.</summary>
public static class SchemaLimits
{
    /// <summary>Most columns a table may have.</summary>
    public const int ColumnsPerTable = 1_000;

    /// <summary>Total digits of a stored decimal: the widest DuckDB and Parquet offer.</summary>
    public const int DecimalPrecision = 38;

    /// <summary>
    /// Fraction digits of a stored decimal. Coupa's money and quantities carry at most six, its exchange rates nine; a value with more
    /// significant fraction digits than this does not fit its column (it is never rounded).
    /// </summary>
    public const int DecimalScale = 12;
}
