namespace CoupaGateway.OData.Rows;

/// <summary>What a result column holds: decides how its vector is read and how its values are written.</summary>
internal enum RowValueKind
{
    String,
    Int64,

    /// <summary>DuckDB DECIMAL of any width and scale; written exactly, without trailing zeros.</summary>
    Decimal,
    Boolean,

    /// <summary>DuckDB TIMESTAMP (microseconds, UTC); written as ISO 8601 with <c>Z</c>, fraction only when there is one.</summary>
    DateTime,
    Date,
    Double,

    /// <summary>DuckDB TIME (microseconds of the day).</summary>
    TimeOfDay,

    /// <summary>DuckDB INTERVAL of days and microseconds, see <see cref="IntervalValue"/>; written as ISO 8601, <c>P1DT2H</c>.</summary>
    Duration,
}
