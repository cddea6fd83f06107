using System.Collections.Immutable;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Translation;

/// <summary>A row that an expression speaks of.</summary>
/// <param name="Key">SQL of its key's values, in the order of the table's key.</param>
/// <param name="Alias">What its columns are read under; null where nothing but the key is known, as of the rows above one that is read.</param>
internal sealed record RowReference(TableSchema Table, ImmutableArray<string> Key, string? Alias)
{
    /// <summary>Properties that the request has made up, by name.</summary>
    public ImmutableDictionary<string, SqlFragment> Computed { get; init; } = ImmutableDictionary<string, SqlFragment>.Empty;

    /// <summary>Alias of the rows that a query is about.</summary>
    public const string MainAlias = "t";

    public static RowReference Of(TableSchema table, string alias) =>
        new(table, [.. table.Key.Select(column => $"{alias}.{SqlText.Identifier(column.Name)}")], alias);

    /// <summary>The condition that a nested row stands below a key.</summary>
    public static string Join(RowReference nested, ImmutableArray<string> above) => string.Join(" AND ", above.Select((value, part) => $"{nested.Key[part]} = {value}"));

    /// <summary>The row that this one is nested in: its key is how this one's key begins.</summary>
    public RowReference Above(TableSchema parent) => new(parent, Key[..parent.Key.Length], Alias: null);
}
