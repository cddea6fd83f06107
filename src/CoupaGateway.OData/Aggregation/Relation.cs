using System.Collections.Immutable;
using CoupaGateway.OData.Model;
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

    /// <summary>Clauses that a step has ordered the rows by.</summary>
    public ImmutableArray<string> Order { get; init; } = [];

    /// <summary>Clauses that order the rows in one way only, so that pages neither repeat nor lose a row; empty for a single row.</summary>
    public required ImmutableArray<string> Key { get; init; }

    /// <summary>The values of the table's first key column that all steps together let through, as far as they are known.</summary>
    public KeyRanges Keys { get; init; } = KeyRanges.All;

    /// <summary>Whether a condition on the rows can be tried on those of the table instead: not once rows were counted off.</summary>
    public bool IsNarrowable { get; init; }

    public static Relation Of(TableSchema table, IEdmEntitySet set)
    {
        var row = RowReference.Of(table, RowReference.MainAlias);
        return new()
        {
            From = Main,
            Type = set.EntityType,
            Set = set,
            Columns =
            [
                .. table.Columns.Select(static column => new RelationColumn(
                    column.Name,
                    new($"{RowReference.MainAlias}.{SqlText.Identifier(column.Name)}", SqlTypes.Kind(column.Type), Nullable: !column.IsKey)
                    {
                        TokensOf = column.Pseudonym?.IsToken == true ? column.Name : null,
                    },
                    IsDynamic: false)),
            ],
            Row = row,
            Key = row.Key,
            IsNarrowable = true,
        };
    }

    /// <summary>The rows with more properties.</summary>
    public Relation With(ImmutableArray<ComputedProperty> added)
    {
        var columns = added.Select(static property => new RelationColumn(property.Name, property.In(RowReference.MainAlias), IsDynamic: true)).ToList();
        return this with
        {
            From = $"(SELECT {RowReference.MainAlias}.*, {string.Join(", ", added.Select(static property => property.SelectItem))} FROM {From} AS {RowReference.MainAlias})",
            Type = NewType(Type, columns),
            Columns = Columns.AddRange(columns),
            Row = Row with { Computed = Row.Computed.AddRange(columns.Select(static column => KeyValuePair.Create(column.Name, column.Value))) },
        };
    }

    /// <summary>Other rows, made of these.</summary>
    /// <param name="grouped">Properties that keep their names, by which rows were put together.</param>
    public Relation Group(ImmutableArray<(RelationColumn Column, string Name)> grouped, ImmutableArray<ComputedProperty> added)
    {
        List<RelationColumn> columns =
        [
            .. grouped.Select(static item => item.Column with { Value = item.Column.Value with { Text = $"{RowReference.MainAlias}.{item.Name}" } }),
            .. added.Select(static property => new RelationColumn(property.Name, property.In(RowReference.MainAlias), IsDynamic: true)),
        ];
        var list = grouped.Select(static item => $"{item.Column.Value.Text} AS {item.Name}").Concat(added.Select(static property => property.SelectItem));
        var by = grouped.IsEmpty ? string.Empty : $" GROUP BY {string.Join(", ", grouped.Select(static item => item.Column.Value.Text))}";
        return new()
        {
            From = $"(SELECT {string.Join(", ", list)} FROM {From} AS {RowReference.MainAlias}{by})",
            Type = NewType(baseType: null, columns),
            Columns = [.. columns],
            Row = new(Row.Table, Key: [], RowReference.MainAlias)
            {
                Computed = columns.ToImmutableDictionary(static column => column.Name, static column => column.Value, StringComparer.Ordinal),
            },
            Key = [.. columns.Take(grouped.Length).Select(static column => $"{column.Value.Text} NULLS FIRST")],
            Keys = Keys,
        };
    }

    private static EdmEntityType NewType(IEdmEntityType? baseType, List<RelationColumn> columns)
    {
        var type = new EdmEntityType(EdmModelFactory.Namespace, "result", baseType);
        foreach (var column in columns)
            type.AddStructuralProperty(column.Name, SqlTypes.EdmType(column.Value.Kind, column.Value.Nullable));
        return type;
    }
}
