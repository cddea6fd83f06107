using System.Collections.Immutable;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>The columns that a record class contributes to its table: scalars as they are, objects as reference columns, changes as from/to pairs.</summary>
internal static class ClassColumns
{
    public static ImmutableArray<ColumnSchema> Of(CatalogueData data, string className, CoupaRelease release)
    {
        var columns = new List<ColumnSchema>();
        foreach (var field in data.Classes[className])
        {
            if (IsIncluded(field, release))
            {
                AddField(columns, data, className, field, release);
            }
        }

        return WithoutRepeatedNames(columns);
    }

    public static bool IsIncluded(FieldDefinition field, CoupaRelease release) =>
        field.IsReadable && (field.Since is null || (CoupaRelease.TryParse(field.Since, out var since) && since <= release));

    private static void AddField(List<ColumnSchema> columns, CatalogueData data, string className, FieldDefinition field, CoupaRelease release)
    {
        switch (field.Type)
        {
            case "array":
                return; // a table of its own, or not offered
            case "object":
                AddReference(columns, data, field, [field.Name], release);
                return;
            case "change":
                AddChange(columns, data, className, field, "from", release);
                AddChange(columns, data, className, field, "to", release);
                return;
            default:
                columns.Add(Scalar(className, field, field.Type, [field.Name]));
                return;
        }
    }

    private static void AddChange(
        List<ColumnSchema> columns, CatalogueData data, string className, FieldDefinition field, string side, CoupaRelease release)
    {
        ImmutableArray<string> path = [field.Name, side];
        switch (field.Of)
        {
            case "array":
                return;
            case "object":
                AddReference(columns, data, field, path, release);
                return;
            default:
                columns.Add(Scalar(className, field, field.Of!, path));
                return;
        }
    }

    private static void AddReference(
        List<ColumnSchema> columns, CatalogueData data, FieldDefinition field, ImmutableArray<string> path, CoupaRelease release)
    {
        if (field.Class is null)
        {
            return; // custom-fields: the customer's own, known only from records
        }

        var fields = data.Classes[field.Class].ToDictionary(static reference => reference.Name);
        foreach (var name in data.References[field.Class])
        {
            var reference = fields[name];
            if (IsIncluded(reference, release))
            {
                columns.Add(Scalar(field.Class, reference, reference.Type, [.. path, name]) with { Since = Newer(field.Since, reference.Since) });
            }
        }
    }

    private static ColumnSchema Scalar(string className, FieldDefinition field, string type, ImmutableArray<string> path) => new()
    {
        Name = ColumnNames.Of(path.AsSpan()),
        Type = TypeOf(type),
        Path = path,
        Since = field.Since,
        AllowedValues = field.Values,
        Origin = new FieldOrigin(className, field.Name),
    };

    public static ColumnType TypeOf(string type) => type switch
    {
        "string" => ColumnType.String,
        "integer" => ColumnType.Int64,
        "decimal" => ColumnType.Decimal,
        "boolean" => ColumnType.Boolean,
        "datetime" => ColumnType.DateTime,
        "date" => ColumnType.Date,
        _ => throw new InvalidDataException($"The catalogue names the unknown type '{type}'."),
    };

    private static string? Newer(string? left, string? right) =>
        CoupaRelease.TryParse(left, out var first) && CoupaRelease.TryParse(right, out var second)
            ? (first > second ? left : right)
            : left ?? right;

    /// <summary>
    /// <c>approver-id</c> beside <c>approver</c> says the same as <c>approver.id</c>: the record's own field wins, because its type and
    /// release are documented for this very class.
    /// </summary>
    private static ImmutableArray<ColumnSchema> WithoutRepeatedNames(List<ColumnSchema> columns)
    {
        var own = columns.Where(static column => column.Path.Length == 1).Select(static column => column.Name).ToHashSet();
        return [.. columns.Where(column => column.Path.Length == 1 || !own.Contains(column.Name))];
    }
}
