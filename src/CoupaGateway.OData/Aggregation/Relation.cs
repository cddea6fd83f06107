using System.Collections.Immutable;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Aggregation;

/// <summary>The rows between two steps of <c>$apply</c>: SQL that gives them, and a type that the next step is parsed against.</summary>
internal sealed record Relation
{
    /// <summary>What the WITH clause names the rows of the table.</summary>
    public const string Main = "m";

    /// <summary>What stands after FROM.</summary>
    public required string From { get; init; }

    public required IEdmEntityType Type { get; init; }

    /// <summary>The entity set as long as rows are its entities; null afterwards.</summary>
    public IEdmEntitySet? Set { get; init; }

    public required ImmutableArray<RelationColumn> Columns { get; init; }

    /// <summary>The row that expressions speak of.</summary>
    public required RowReference Row { get; init; }

    /// <summary>What a step has ordered the rows by.</summary>
    public ImmutableArray<OrderKey> Order { get; init; } = [];

    /// <summary>What orders the rows in one way only, so that pages neither repeat nor lose a row; empty for a single row.</summary>
    public required ImmutableArray<OrderKey> Key { get; init; }

    /// <summary>The values of the table's first key column that all steps together let through, as far as they are known.</summary>
    public KeyRanges Keys { get; init; } = KeyRanges.All;

    /// <summary>Whether a condition on the rows can be tried on those of the table instead: not once rows were counted off.</summary>
    public bool IsNarrowable { get; init; }

    /// <summary>Whether rows lack properties that others have: then null stands for those, too.</summary>
    public bool IsSparse { get; init; }

    /// <param name="from">What stands after FROM for the rows of the table, which are called <see cref="RowReference.MainAlias"/>.</param>
    public static Relation Of(TableSchema table, IEdmEntitySet set, string from, KeyRanges keys)
    {
        var row = RowReference.Of(table, RowReference.MainAlias);
        return new()
        {
            From = from,
            Keys = keys,
            Type = set.EntityType,
            Set = set,
            Columns =
            [
                .. table.Columns.Select(static column => new RelationColumn(
                    column.Name,
                    new($"{RowReference.MainAlias}.{SqlText.Identifier(column.Name)}", SqlTypes.Kind(column.Type), Nullable: !column.IsKey)
                    {
                        TokensOf = column.IsTokenOnly ? column.Name : null,
                    },
                    IsDynamic: false)
                {
                    IsSearched = SearchTranslator.IsSearched(column),
                }),
            ],
            Row = row,
            Key = [.. table.Key.Zip(row.Key, static (column, sql) => new OrderKey(new(sql, SqlTypes.Kind(column.Type), Nullable: false), Descending: false, column.Name))],
            IsNarrowable = true,
        };
    }

    /// <summary>The rows with more properties.</summary>
    public Relation With(ImmutableArray<ComputedProperty> added)
    {
        var columns = added.Select(static property => new RelationColumn(property.Name, property.In(RowReference.MainAlias), IsDynamic: true)).ToList();
        return With(added.Select(static property => property.SelectItem)) with
        {
            Type = ResultType.Create(Type, columns),
            Columns = Columns.AddRange(columns),
            Row = Row with { Computed = Row.Computed.AddRange(columns.Select(static column => KeyValuePair.Create(column.Name, column.Value))) },
        };
    }

    /// <summary>The rows with more columns, which no step can name.</summary>
    public Relation With(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } list
        ? this with { From = $"(SELECT {RowReference.MainAlias}.*, {list} FROM {From} AS {RowReference.MainAlias})" }
        : this;

    /// <summary>Other rows, made of these.</summary>
    /// <param name="grouped">Properties that keep their names, by which rows were put together, and the SQL identifiers of what they become.</param>
    /// <param name="added">Properties of the new rows, with the SQL that computes them of those that were put together.</param>
    public Relation Group(ImmutableArray<(RelationColumn Column, string Name)> grouped, ImmutableArray<(RelationColumn Column, string Name)> added)
    {
        List<RelationColumn> columns = [.. grouped.Concat(added).Select(static item => item.Column with { Value = item.Column.Value with { Text = $"{RowReference.MainAlias}.{item.Name}" } })];
        var list = grouped.Concat(added).Select(static item => $"{item.Column.Value.Text} AS {item.Name}");
        var by = grouped.IsEmpty ? string.Empty : $" GROUP BY {string.Join(", ", grouped.Select(static item => item.Column.Value.Text))}";
        return Made($"(SELECT {string.Join(", ", list)} FROM {From} AS {RowReference.MainAlias}{by})", columns) with
        {
            Key = [.. columns.Take(grouped.Length).Select(static column => new OrderKey(column.Value with { Nullable = true }, Descending: false))],
        };
    }

    /// <summary>Rows that are no entities.</summary>
    public Relation Made(string from, List<RelationColumn> columns) => new()
    {
        From = from,
        Type = ResultType.Create(baseType: null, columns),
        Columns = [.. columns],
        Row = new(Row.Table, Key: [], RowReference.MainAlias) { Computed = columns.ToImmutableDictionary(static column => column.Path, static column => column.Value, StringComparer.Ordinal) },
        Key = [],
        Keys = Keys,
    };
}
