using System.Collections.Immutable;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>The tables that every connection has without being told: Coupa's 17 API resources and the 83 tables nested in them.</summary>
public static class BuiltInCatalogue
{
    /// <summary>Names of all API tables, in the order in which they are listed to users.</summary>
    public static ImmutableArray<string> ApiTables { get; } = [.. CatalogueData.Instance.Tables.Select(static table => table.Table)];

    /// <summary>API tables of the accounts payable process.</summary>
    public static ImmutableArray<string> AccountsPayable { get; } =
        [.. CatalogueData.Instance.Tables.Where(static table => table.AccountsPayable).Select(static table => table.Table)];

    /// <summary>API tables of the purchase-to-pay process.</summary>
    public static ImmutableArray<string> PurchaseToPay { get; } =
        [.. CatalogueData.Instance.Tables.Where(static table => table.PurchaseToPay).Select(static table => table.Table)];

    /// <summary>What was built and is still used: of a hundred connections most have the same tables.</summary>
    private static readonly Dictionary<string, WeakReference<SchemaRevision>> Built = new(StringComparer.Ordinal);

    /// <summary>Two that want the same tables at once get the same.</summary>
    private static readonly Lock Gate = new();

    /// <summary>The schema of all built-in tables as the given release has them.</summary>
    public static SchemaRevision Build(CoupaRelease release) => Build(release, ApiTables);

    /// <summary>The schema of some API tables with everything nested in them, as the given release has them.</summary>
    /// <exception cref="ArgumentException">A name is no API table of the catalogue.</exception>
    public static SchemaRevision Build(CoupaRelease release, IReadOnlyCollection<string> apiTables)
    {
        var unknown = apiTables.Except(ApiTables).ToArray();
        if (unknown.Length > 0)
        {
            throw new ArgumentException($"No such API table: {string.Join(", ", unknown)}. There are: {string.Join(", ", ApiTables)}.", nameof(apiTables));
        }

        var definitions = CatalogueData.Instance.Tables.Where(definition => apiTables.Contains(definition.Table)).ToArray();
        var name = $"{release.Number}: {string.Join(' ', definitions.Select(static definition => definition.Table))}";
        lock (Gate)
        {
            if (Built.TryGetValue(name, out var reference) && reference.TryGetTarget(out var known))
                return known;

            var built = new SchemaRevision(definitions.SelectMany(definition => BuildFamily(CatalogueData.Instance, definition, release)));
            foreach (var unused in Built.Where(static pair => !pair.Value.TryGetTarget(out _)).Select(static pair => pair.Key).ToArray())
                Built.Remove(unused);
            Built[name] = new(built);
            return built;
        }
    }

    private static List<TableSchema> BuildFamily(CatalogueData data, TableDefinition definition, CoupaRelease release)
    {
        var root = new TableSchema
        {
            Name = definition.Table,
            Description = data.Descriptions.GetValueOrDefault(definition.Table),
            Resource = new ResourceSchema
            {
                Path = definition.Path,
                Scope = definition.Scope,
                IdIsUnique = definition.Key is ["id"],
                Watermark = definition.Watermark,
            },
            Columns = TableColumns.Of([], ClassColumns.Of(data, definition.Class, release), definition.Key),
        };

        var family = new List<TableSchema> { root };

        // Every nested table is there whatever the release: 100 tables are what users expect. One whose array a release lacks stays empty.
        foreach (var nested in definition.Nested)
        {
            var parent = family.Find(table => table.Name == nested.Parent)!;
            ImmutableArray<string> ancestors = [.. parent.Ancestors, parent.Name];
            family.Add(new TableSchema
            {
                Name = nested.Table,
                Parent = parent.Name,
                Ancestors = ancestors,
                NestedPath = [nested.Field],
                Description = data.Descriptions.GetValueOrDefault(nested.Table),
                Columns = TableColumns.Of(ancestors, ClassColumns.Of(data, nested.Class, release), ["id"]),
            });
        }

        family[0] = ResourceProjection.Rebuild(root, family);
        return family;
    }
}
