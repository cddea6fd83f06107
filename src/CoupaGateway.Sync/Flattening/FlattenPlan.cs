using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Flattening;

/// <summary>How one record of a resource becomes rows of an API table and of everything nested in it. Without pseudonyms it is immutable; with them it belongs to one run.</summary>
internal sealed class FlattenPlan
{
    private readonly List<TablePlan> _tables = [];

    private FlattenPlan()
    {
    }

    /// <summary>The tables, the API table first, parents before children.</summary>
    public IReadOnlyList<TablePlan> Tables => _tables;

    public int Fields { get; private set; }

    public int Objects { get; private set; }

    /// <param name="family">What <see cref="SchemaRevision.Family"/> gives: an API table, then everything nested in it.</param>
    /// <param name="pseudonyms">What replaces and watches values; null stores them as they are, which is for families without marks only.</param>
    /// <exception cref="ArgumentException">The first table is no API table, or a table comes before its parent.</exception>
    public static FlattenPlan Compile(ImmutableArray<TableSchema> family, Pseudonymizer? pseudonyms = null)
    {
        if (family.IsDefaultOrEmpty || family[0].Parent is not null)
            throw new ArgumentException("A family starts with its API table.", nameof(family));

        if (pseudonyms is null && family.Any(static table => table.Columns.Any(static column => column.Pseudonym is not null)))
            throw new ArgumentException("Marked columns need their pseudonyms.", nameof(pseudonyms));

        var plan = new FlattenPlan();
        foreach (var table in family)
            plan.Add(table, pseudonyms);

        foreach (var table in plan._tables)
            table.Below = [.. plan._tables.Where(below => below.Schema.Ancestors.Contains(table.Schema.Name)).Select(below => KeyOf(table, below))];

        return plan;
    }

    private static KeyTarget KeyOf(TablePlan table, TablePlan below) => new(
        below.Index,
        IndexOf(below.Schema, column => column.Kind == ColumnKind.AncestorKey && column.Ancestor == table.Schema.Name));

    private static int IndexOf(TableSchema table, Func<ColumnSchema, bool> matches)
    {
        for (var i = 0; i < table.Columns.Length; i++)
        {
            if (matches(table.Columns[i]))
                return i;
        }

        return -1;
    }

    private void Add(TableSchema schema, Pseudonymizer? pseudonyms)
    {
        var table = new TablePlan
        {
            Index = _tables.Count,
            Schema = schema,
            Element = NewObject(schema.Name, []),
            KeyColumn = IndexOf(schema, static column => column is { IsKey: true, Kind: ColumnKind.Field }),
            PositionColumn = IndexOf(schema, static column => column.Kind == ColumnKind.Position),
            ChangedAtColumn = IndexOf(schema, static column => column.Kind == ColumnKind.ChangedAt),
        };

        for (var i = 0; i < schema.Columns.Length; i++)
        {
            var column = schema.Columns[i];
            if (column.Kind == ColumnKind.Field)
                Add(FieldAt(table.Element, column.Path), column, new ColumnTarget(table.Index, i, column.Type, pseudonyms?.FilterOf(table.Index, i))
                {
                    IsElementKey = i == table.KeyColumn && !table.IsApiTable,
                });
        }

        if (schema.Parent is not null)
        {
            var parent = _tables.Find(known => known.Schema.Name == schema.Parent)
                ?? throw new ArgumentException($"Table {schema.Name} comes before its parent {schema.Parent}.", nameof(schema));
            FieldAt(parent.Element, schema.NestedPath).Tables.Add(table);
        }
        else if (_tables.Count > 0)
        {
            throw new ArgumentException($"Table {schema.Name} is not nested in {_tables[0].Schema.Name}.", nameof(schema));
        }

        _tables.Add(table);
    }

    private static void Add(FieldPlan field, ColumnSchema column, ColumnTarget target)
    {
        field.Columns.Add(target);
        field.IsObserved |= column.Source == SchemaSource.Observed;
    }

    private FieldPlan FieldAt(ObjectPlan element, ImmutableArray<string> path)
    {
        var field = element.GetOrAdd(path[0], NewField);
        for (var i = 1; i < path.Length; i++)
        {
            field.Object ??= NewObject(element.Table, [.. element.Path, .. path[..i].Select(ObjectPlan.Normalize)]);
            field = field.Object.GetOrAdd(path[i], NewField);
        }

        return field;
    }

    private FieldPlan NewField() => new(Fields++);

    private ObjectPlan NewObject(string table, string[] path) => new(Objects++, table, path);
}
