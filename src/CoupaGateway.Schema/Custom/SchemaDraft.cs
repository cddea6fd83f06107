using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Custom;

/// <summary>A schema that is being changed.</summary>
internal sealed class SchemaDraft
{
    private readonly ImmutableArray<TableSchema> _before;
    private readonly List<TableSchema> _tables;
    private readonly List<LeftOut> _leftOut = [];
    private readonly List<PseudonymRule> _rules = [];
    private int _added;

    public SchemaDraft(SchemaRevision schema, CoupaRelease release)
    {
        _before = schema.Tables;
        _tables = [.. schema.Tables];
        Release = release;
    }

    public CoupaRelease Release { get; }

    public FindingList Findings { get; } = new();

    public TableSchema? Find(string name) => _tables.Find(table => table.Name == name);

    /// <summary>The nested table that takes the elements at a place.</summary>
    public TableSchema? FindNested(string parent, ImmutableArray<string> path) =>
        _tables.Find(table => table.Parent == parent && JsonKeys.Equal(table.NestedPath, path));

    /// <summary>The table at the top of a family.</summary>
    public TableSchema RootOf(TableSchema table) => Find(table.Root)!;

    public void Replace(TableSchema table) => _tables[_tables.FindIndex(known => known.Name == table.Name)] = table;

    /// <summary>Adds a table behind its family.</summary>
    /// <returns>False when there are too many.</returns>
    public bool TryAdd(TableSchema table)
    {
        if (++_added > MetadataLimits.Tables)
            return false;

        var last = table.Parent is null ? -1 : _tables.FindLastIndex(known => known.Root == table.Root);
        _tables.Insert(last < 0 ? _tables.Count : last + 1, table);
        return true;
    }

    /// <summary>Takes a table away with everything nested in it.</summary>
    public void Remove(TableSchema table) => _tables.RemoveAll(known => known.Name == table.Name || known.Ancestors.Contains(table.Name));

    public bool IsBelow(TableSchema table, TableSchema other) => other.Ancestors.Contains(table.Name);

    public void LeaveOut(string table, string? column, SchemaSource source, string reason) => _leftOut.Add(new(table, column, source, reason));

    public void AddRule(string table, string column, CustomPseudonym pseudonym) => _rules.Add(new PseudonymRule
    {
        Name = $"metadata.{table}.{column}",
        Targets = [new PseudonymTarget { Table = table, Column = column }],
        Algorithm = pseudonym.Algorithm,
        Domain = pseudonym.Domain ?? BuiltInRules.CustomDomain,
        Length = pseudonym.Length,
    });

    public MetadataResult ToResult()
    {
        var before = _before.ToHashSet(ReferenceEqualityComparer.Instance);
        var changed = _tables.Where(table => !before.Contains(table)).Select(static table => table.Root)
            .Concat(_before.Where(table => Find(table.Name) is null).Select(static table => table.Root)).ToHashSet(StringComparer.Ordinal);
        return new MetadataResult(
            new SchemaRevision(_tables.Select(table => table.Parent is null && changed.Contains(table.Name) ? ResourceProjection.Rebuild(table, _tables) : table)),
            Findings.ToImmutable(),
            [.. _leftOut],
            [.. _rules]);
    }
}
