using System.Collections.Frozen;

namespace CoupaGateway.Schema.Custom;

/// <summary>The names that a document may give to types.</summary>
internal static class MetadataTypes
{
    private static readonly FrozenDictionary<string, ColumnType> ByName = new Dictionary<string, ColumnType>(StringComparer.OrdinalIgnoreCase)
    {
        ["INTEGER"] = ColumnType.Int64,
        ["INT"] = ColumnType.Int64,
        ["LONG"] = ColumnType.Int64,
        ["BIGINT"] = ColumnType.Int64,
        ["DECIMAL"] = ColumnType.Decimal,
        ["NUMBER"] = ColumnType.Decimal,
        ["NUMERIC"] = ColumnType.Decimal,
        ["DOUBLE"] = ColumnType.Decimal,
        ["FLOAT"] = ColumnType.Decimal,
        ["BOOLEAN"] = ColumnType.Boolean,
        ["BOOL"] = ColumnType.Boolean,
        ["STRING"] = ColumnType.String,
        ["TEXT"] = ColumnType.String,
        ["VARCHAR"] = ColumnType.String,
        ["DATE"] = ColumnType.Date,
        ["DATETIME"] = ColumnType.DateTime,
        ["DATE_TIME"] = ColumnType.DateTime,
        ["TIMESTAMP"] = ColumnType.DateTime,
        ["INSTANT"] = ColumnType.DateTime,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names to recommend: one for each type, and LONG, which stands for the same as INTEGER.</summary>
    public const string Names = "INTEGER, LONG, DECIMAL, BOOLEAN, STRING, DATE and DATETIME";

    public static bool TryParse(string name, out ColumnType type) => ByName.TryGetValue(name.Trim(), out type);

    /// <summary>The recommended name of a type.</summary>
    public static string NameOf(ColumnType type) => type == ColumnType.Int64 ? "INTEGER" : type.ToString().ToUpperInvariant();
}
