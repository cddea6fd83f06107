using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Schema.Observed;

/// <summary>Puts observed keys into a schema as columns.</summary>
public static class ObservedColumns
{
    /// <summary>The schema with a column for each key that the policy adds and that has had a scalar value. Equal keys give an equal schema, in whatever order they were seen.</summary>
    public static SchemaRevision Apply(SchemaRevision schema, ObservedKeys observed, ObservedPolicy policy)
    {
        var wanted = observed.Keys.Where(key => policy.For(key) == ObservedAction.Add && key.Type is not null).ToLookup(static key => key.Table, StringComparer.Ordinal);
        if (wanted.Count == 0)
            return schema;

        var tables = schema.Tables.Select(table => wanted.Contains(table.Name) ? Apply(table, wanted[table.Name]) : table).ToArray();
        var changed = schema.Tables.Zip(tables).Where(static pair => !ReferenceEquals(pair.First, pair.Second)).Select(static pair => pair.Second.Root).ToHashSet(StringComparer.Ordinal);
        return changed.Count == 0
            ? schema
            : new SchemaRevision(tables.Select(table => table.Resource is not null && changed.Contains(table.Name) ? ResourceProjection.Rebuild(table, tables) : table));
    }

    /// <summary>The column of the table that takes a key; null for none.</summary>
    public static ColumnSchema? Find(TableSchema table, ObservedKey key) =>
        table.Columns.FirstOrDefault(column => column.Kind == ColumnKind.Field && JsonKeys.Equal(column.Path, key.Path));

    /// <summary>
    /// Whether a key that no column takes is news. What the catalogue's classes have is none; of tables that a customer made himself only his own fields are, for he
    /// left out the rest.
    /// </summary>
    /// <param name="path">Keys from the table's element down, with hyphens written as underscores.</param>
    public static bool IsNews(string table, IReadOnlyList<string> path) =>
        path[0] == ObservedKey.CustomFields || (ClassPaths.ClassOf(table) is { } className && ClassPaths.Find(className, path) is null);

    private static TableSchema Apply(TableSchema table, IEnumerable<ObservedKey> keys)
    {
        var columns = table.Columns.ToBuilder();
        var names = columns.Select(static column => column.Name).ToHashSet(StringComparer.Ordinal);
        var place = table.Columns.TakeWhile(static column => column.IsKey || column.Kind == ColumnKind.Field).Count();
        foreach (var key in keys.OrderBy(static key => string.Join('\n', key.Path), StringComparer.Ordinal))
        {
            if (columns.Count >= SchemaLimits.ColumnsPerTable)
                break;
            if (Find(table, key) is not null)
                continue;

            columns.Insert(place++, new ColumnSchema
            {
                Name = Free(JsonNames.Identifier(ColumnNames.Of(key.Path.AsSpan()), out _), names),
                Type = key.Type!.Value,
                Path = key.Path,
                Source = SchemaSource.Observed,
            });
        }

        return columns.Count == table.Columns.Length ? table : table with { Columns = columns.ToImmutable() };
    }

    private static string Free(string name, HashSet<string> names)
    {
        var free = name;
        for (var number = 2; !names.Add(free); number++)
            free = $"{name}_{number}";
        return free;
    }
}
