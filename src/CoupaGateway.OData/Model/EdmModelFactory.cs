using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Model;

/// <summary>Turns a schema into an EDM: an entity set per table and per system table, and navigation between each table and its parent, both ways.</summary>
internal static class EdmModelFactory
{
    /// <summary>Namespace of all types. Clients generate code from it: it never changes.</summary>
    public const string Namespace = "Coupa";

    /// <summary>Name of the entity container. Clients generate code from it: it never changes.</summary>
    public const string ContainerName = "Container";

    /// <summary>Fraction digits of a second: instants are kept in microseconds.</summary>
    private const int InstantPrecision = 6;

    /// <param name="maxExpandLevels">Levels of <c>$expand</c> inside one another that the feed allows.</param>
    public static SharedModel Create(SchemaRevision schema, int maxExpandLevels)
    {
        var model = new EdmModel();
        model.SetEdmVersion(EdmConstants.EdmVersion4);
        var container = new EdmEntityContainer(Namespace, ContainerName);
        model.AddElement(container);

        var types = new Dictionary<string, EdmEntityType>(StringComparer.Ordinal);
        var sets = new Dictionary<string, EdmEntitySet>(StringComparer.Ordinal);
        var tables = schema.Served;
        foreach (var table in tables)
        {
            var type = CreateType(table);
            model.AddElement(type);
            types.Add(table.Name, type);
            sets.Add(table.Name, container.AddEntitySet(table.Name, type));
        }

        foreach (var table in schema.Tables)
        {
            if (table.Parent is { } parent && types.ContainsKey(parent))
                AddNavigation(table, types, sets);
        }

        FeedAnnotations.AddTo(model, schema.Fingerprint, tables, types, sets, maxExpandLevels);
        return new(model);
    }

    private static EdmEntityType CreateType(TableSchema table)
    {
        var type = new EdmEntityType(Namespace, table.Name);
        foreach (var column in table.Columns)
        {
            var property = type.AddStructuralProperty(column.Name, TypeReference(column.Type, nullable: !column.IsKey));
            if (column.IsKey)
                type.AddKeys(property);
        }

        return type;
    }

    private static IEdmTypeReference TypeReference(ColumnType type, bool nullable) => type switch
    {
        ColumnType.String => EdmCoreModel.Instance.GetString(nullable),
        ColumnType.Int64 => EdmCoreModel.Instance.GetInt64(nullable),
        ColumnType.Decimal => EdmCoreModel.Instance.GetDecimal(precision: null, scale: null, nullable),
        ColumnType.Boolean => EdmCoreModel.Instance.GetBoolean(nullable),
        ColumnType.DateTime => EdmCoreModel.Instance.GetTemporal(EdmPrimitiveTypeKind.DateTimeOffset, InstantPrecision, nullable),
        ColumnType.Date => EdmCoreModel.Instance.GetDate(nullable),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown column type."),
    };

    private static void AddNavigation(TableSchema table, Dictionary<string, EdmEntityType> types, Dictionary<string, EdmEntitySet> sets)
    {
        var child = types[table.Name];
        var parent = types[table.Parent!];
        var parentKey = parent.DeclaredKey.ToList();
        var repeated = child.DeclaredKey.Take(parentKey.Count).ToList();
        var up = new EdmNavigationPropertyInfo
        {
            Name = FreeName(child, parent.Name),
            Target = parent,
            TargetMultiplicity = EdmMultiplicity.One,
            DependentProperties = repeated.Count == parentKey.Count ? repeated : null,
            PrincipalProperties = repeated.Count == parentKey.Count ? parentKey : null,
        };
        var down = new EdmNavigationPropertyInfo
        {
            Name = FreeName(parent, child.Name),
            Target = child,
            TargetMultiplicity = EdmMultiplicity.Many,
        };

        var toChildren = parent.AddBidirectionalNavigation(down, up);
        sets[parent.Name].AddNavigationTarget(toChildren, sets[child.Name]);
        sets[child.Name].AddNavigationTarget(toChildren.Partner, sets[parent.Name]);
    }

    /// <summary>The table's name, unless a column already has it (a customer may name a field like a table).</summary>
    private static string FreeName(EdmEntityType type, string name)
    {
        while (type.FindProperty(name) is not null)
            name += "_rows";

        return name;
    }
}
