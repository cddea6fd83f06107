using CoupaGateway.OData.Rows;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Points;

/// <summary>A column of the rows of a <see cref="PointChunk"/>.</summary>
/// <param name="Scale">Digits after the decimal point.</param>
internal sealed record PointColumn(string Name, DuckDBType PhysicalType, byte Scale)
{
    /// <summary>Bytes of a value; 0 for text, whose length is its own.</summary>
    public int Width { get; } = PhysicalType == DuckDBType.Varchar ? 0 : ColumnVector.Width(PhysicalType);

    /// <summary>How a chunk's column is read; null for a type that no column of the schema has.</summary>
    public static RowValueKind? Kind(string duckDbType) => duckDbType switch
    {
        "VARCHAR" => RowValueKind.String,
        "BIGINT" => RowValueKind.Int64,
        "BOOLEAN" => RowValueKind.Boolean,
        "TIMESTAMP" => RowValueKind.DateTime,
        "DATE" => RowValueKind.Date,
        _ => duckDbType.StartsWith("DECIMAL", StringComparison.Ordinal) ? RowValueKind.Decimal : null,
    };
}
