using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>One result of <c>$apply</c> as SQL; several follow each other after <c>concat</c>.</summary>
/// <param name="Columns">What is written.</param>
/// <param name="From">What stands after FROM.</param>
/// <param name="Order">What orders the rows in one way only; empty for a single row.</param>
internal sealed record ApplyPart(ImmutableArray<RelationColumn> Columns, string From, ImmutableArray<OrderKey> Order)
{
    /// <summary>See <see cref="Relation.IsSparse"/>.</summary>
    public bool IsSparse { get; init; }

    /// <summary>SQL and names of columns that are read without being written: the key where rows are expanded.</summary>
    public ImmutableArray<(string Name, string Sql)> Hidden { get; init; } = [];

    /// <summary>Numbers of related rows, see <see cref="ExpandPlan.Counts"/>.</summary>
    public ImmutableArray<(string Name, string Sql)> Counts { get; init; } = [];

    /// <summary>Where the result has the values of the order's keys.</summary>
    public ImmutableArray<int> TokenColumns => [.. Enumerable.Range(Columns.Length + Counts.Length + Hidden.Length, Order.Length)];

    /// <summary>The rows after one, or after so many, in their order: what stands behind FROM.</summary>
    /// <param name="last">Values of the order's keys in the row before; empty for none.</param>
    public string Tail(SqlParameters parameters, ImmutableArray<object?> last, long take, long skip)
    {
        var where = last.IsEmpty ? string.Empty : $" WHERE {KeysetPredicate.After(Order, last, parameters)}";
        var by = Order.IsEmpty ? string.Empty : $" ORDER BY {string.Join(", ", Order.Select(static key => key.Clause))}";
        return string.Create(CultureInfo.InvariantCulture, $" FROM {From} AS {RowReference.MainAlias}{where}{by} LIMIT {take} OFFSET {skip}");
    }

    /// <param name="tail">See <see cref="Tail"/>.</param>
    public RowQuery ToQuery(OpenTables tables, SqlParameters parameters, string tail)
    {
        var items = Columns.Select(static column => column.Value.Text)
            .Concat(Counts.Select(static count => count.Sql))
            .Concat(Hidden.Select(static column => column.Sql))
            .Concat(Order.Select(static key => key.Expression.Text));
        return parameters.ToQuery(
            $"{tables.WithMain(Relation.Main)}SELECT {string.Join(", ", items)}{tail}",
            [
                .. Columns.Select(static column => ToColumn(column, column.Name)),
                .. Counts.Select(static count => new RowColumn($"{count.Name}{JsonRowFormat.LongPrefix}count", RowValueKind.Int64, IsAnnotation: true)),
                .. Hidden.Select(static column => new RowColumn(column.Name, RowValueKind.Int64, Hidden: true)),
                .. Order.Select(static (key, index) => new RowColumn($"${index}", SqlTypes.RowKind(key.Expression.Kind), Hidden: true)),
            ]);
    }

    /// <summary>All rows up to a number, for formats that know no objects in rows: there, names are paths.</summary>
    public RowQuery ToFlatQuery(OpenTables tables, SqlParameters parameters, long take, long skip) => parameters.ToQuery(
        $"{tables.WithMain(Relation.Main)}SELECT {string.Join(", ", Columns.Select(static column => $"{column.Value.Text} AS {SqlText.Identifier(column.Path)}"))}{Tail(parameters, last: [], take, skip)}",
        [.. Columns.Select(static column => ToColumn(column, column.Path))]);

    public RowQuery ToCount(OpenTables tables, SqlParameters parameters) =>
        parameters.ToQuery($"{tables.WithMain(Relation.Main)}SELECT count(*) FROM {From} AS {RowReference.MainAlias}", [new("count", RowValueKind.Int64)]);

    private static RowColumn ToColumn(RelationColumn column, string name) => new(name, SqlTypes.RowKind(column.Value.Kind), IsDynamic: column.IsDynamic);
}
