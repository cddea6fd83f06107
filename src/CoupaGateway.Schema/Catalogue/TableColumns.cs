using System.Collections.Immutable;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>Puts the columns of a table in order: key, fields, system columns.</summary>
internal static class TableColumns
{
    /// <param name="ancestors">Tables above this one, outermost first.</param>
    /// <param name="fields">The columns read from the element itself.</param>
    /// <param name="keyPath">JSON keys down to the element's own key; where <paramref name="fields"/> has no such column, the position is the key.</param>
    public static ImmutableArray<ColumnSchema> Of(
        ImmutableArray<string> ancestors, ImmutableArray<ColumnSchema> fields, ImmutableArray<string> keyPath)
    {
        var own = fields.FirstOrDefault(field => field.Path.SequenceEqual(keyPath));
        return
        [
            .. ancestors.Select(AncestorKey),
            own is null ? Position(isKey: true) : own with { IsKey = true, Description = own.Description ?? "Coupa's id of what the row stands for." },
            .. fields.Where(field => !ReferenceEquals(field, own)),
            .. own is null ? Enumerable.Empty<ColumnSchema>() : [Position(isKey: false)],
            ChangedAt,
        ];
    }

    private static ColumnSchema ChangedAt { get; } = new()
    {
        Name = SystemColumns.ChangedAt,
        Type = ColumnType.DateTime,
        Kind = ColumnKind.ChangedAt,
        Description = "When the content of this row last changed in the gateway (UTC).",
    };

    private static ColumnSchema AncestorKey(string table) => new()
    {
        Name = ColumnNames.OfAncestor(table),
        Type = ColumnType.Int64,
        Kind = ColumnKind.AncestorKey,
        Ancestor = table,
        IsKey = true,
        Description = $"Key of the row in {table} that this row is nested in.",
    };

    private static ColumnSchema Position(bool isKey) => new()
    {
        Name = SystemColumns.Position,
        Type = ColumnType.Int64,
        Kind = ColumnKind.Position,
        IsKey = isKey,
        Description = "Index of the element in the array it is nested in, from 0.",
    };
}
