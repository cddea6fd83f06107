namespace CoupaGateway.Schema;

/// <summary>The types a column can have. Each maps to one EDM type (served) and one DuckDB/Parquet type (stored).</summary>
public enum ColumnType
{
    /// <summary>Text; <c>Edm.String</c>.</summary>
    String,

    /// <summary>64-bit signed integer; <c>Edm.Int64</c>.</summary>
    Int64,

    /// <summary>Exact decimal with up to <see cref="SchemaLimits.DecimalScale"/> fraction digits; <c>Edm.Decimal</c>, variable scale.</summary>
    Decimal,

    /// <summary>Truth value; <c>Edm.Boolean</c>.</summary>
    Boolean,

    /// <summary>An instant, kept in UTC with microsecond precision; <c>Edm.DateTimeOffset</c>, always served with <c>Z</c>.</summary>
    DateTime,

    /// <summary>A calendar date without time; <c>Edm.Date</c>.</summary>
    Date,
}
