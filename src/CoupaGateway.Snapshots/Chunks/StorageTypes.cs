using System.Globalization;
using CoupaGateway.Schema;

namespace CoupaGateway.Snapshots.Chunks;

/// <summary>How each column type is stored: the one place that maps it to DuckDB (and so to Parquet).</summary>
public static class StorageTypes
{
    private static readonly string DecimalName =
        string.Create(CultureInfo.InvariantCulture, $"DECIMAL({SchemaLimits.DecimalPrecision},{SchemaLimits.DecimalScale})");

    /// <summary>The DuckDB type name. Instants are <c>TIMESTAMP</c> (microseconds, UTC by convention), not <c>TIMESTAMPTZ</c>, which needs ICU.</summary>
    public static string DuckDbName(ColumnType type) => type switch
    {
        ColumnType.String => "VARCHAR",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Decimal => DecimalName,
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.DateTime => "TIMESTAMP",
        ColumnType.Date => "DATE",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown column type."),
    };
}
