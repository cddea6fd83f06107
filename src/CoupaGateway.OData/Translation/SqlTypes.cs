using CoupaGateway.OData.Rows;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Translation;

/// <summary>How kinds map to DuckDB, to the EDM and to columns.</summary>
internal static class SqlTypes
{
    private static readonly string DecimalName = StorageTypes.DuckDbName(ColumnType.Decimal);

    public static string Name(SqlKind kind) => kind switch
    {
        SqlKind.Boolean => "BOOLEAN",
        SqlKind.Int64 => "BIGINT",
        SqlKind.Decimal => DecimalName,
        SqlKind.Double => "DOUBLE",
        SqlKind.String => "VARCHAR",
        SqlKind.DateTime => "TIMESTAMP",
        SqlKind.Date => "DATE",
        SqlKind.TimeOfDay => "TIME",
        SqlKind.Duration => "INTERVAL",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind without a type."),
    };

    public static SqlKind Kind(ColumnType type) => type switch
    {
        ColumnType.String => SqlKind.String,
        ColumnType.Int64 => SqlKind.Int64,
        ColumnType.Decimal => SqlKind.Decimal,
        ColumnType.Boolean => SqlKind.Boolean,
        ColumnType.DateTime => SqlKind.DateTime,
        ColumnType.Date => SqlKind.Date,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown column type."),
    };

    /// <summary>The kind for an EDM primitive; null when the feed does not compute with the type.</summary>
    public static SqlKind? Kind(EdmPrimitiveTypeKind type) => type switch
    {
        EdmPrimitiveTypeKind.Boolean => SqlKind.Boolean,
        EdmPrimitiveTypeKind.Byte or EdmPrimitiveTypeKind.SByte or EdmPrimitiveTypeKind.Int16 or EdmPrimitiveTypeKind.Int32
            or EdmPrimitiveTypeKind.Int64 => SqlKind.Int64,
        EdmPrimitiveTypeKind.Decimal => SqlKind.Decimal,
        EdmPrimitiveTypeKind.Single or EdmPrimitiveTypeKind.Double => SqlKind.Double,
        EdmPrimitiveTypeKind.String => SqlKind.String,
        EdmPrimitiveTypeKind.DateTimeOffset => SqlKind.DateTime,
        EdmPrimitiveTypeKind.Date => SqlKind.Date,
        EdmPrimitiveTypeKind.TimeOfDay => SqlKind.TimeOfDay,
        EdmPrimitiveTypeKind.Duration => SqlKind.Duration,
        _ => null,
    };

    /// <summary>The EDM type of a property of this kind.</summary>
    public static IEdmTypeReference EdmType(SqlKind kind, bool nullable) => kind switch
    {
        SqlKind.Boolean => EdmCoreModel.Instance.GetBoolean(nullable),
        SqlKind.Int64 => EdmCoreModel.Instance.GetInt64(nullable),
        SqlKind.Decimal => EdmCoreModel.Instance.GetDecimal(precision: null, scale: null, nullable),
        SqlKind.Double => EdmCoreModel.Instance.GetDouble(nullable),
        SqlKind.String => EdmCoreModel.Instance.GetString(nullable),
        SqlKind.DateTime => EdmCoreModel.Instance.GetTemporal(EdmPrimitiveTypeKind.DateTimeOffset, nullable),
        SqlKind.Date => EdmCoreModel.Instance.GetDate(nullable),
        SqlKind.TimeOfDay => EdmCoreModel.Instance.GetTemporal(EdmPrimitiveTypeKind.TimeOfDay, nullable),
        SqlKind.Duration => EdmCoreModel.Instance.GetDuration(nullable),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No type of a property."),
    };

    /// <summary>How a result column of this kind is read.</summary>
    public static RowValueKind RowKind(SqlKind kind) => kind switch
    {
        SqlKind.Boolean => RowValueKind.Boolean,
        SqlKind.Int64 => RowValueKind.Int64,
        SqlKind.Decimal => RowValueKind.Decimal,
        SqlKind.Double => RowValueKind.Double,
        SqlKind.String => RowValueKind.String,
        SqlKind.DateTime => RowValueKind.DateTime,
        SqlKind.Date => RowValueKind.Date,
        SqlKind.TimeOfDay => RowValueKind.TimeOfDay,
        SqlKind.Duration => RowValueKind.Duration,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of a column."),
    };

    public static bool IsNumeric(SqlKind kind) => kind is SqlKind.Int64 or SqlKind.Decimal or SqlKind.Double;
}
