using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>One result of <c>$apply</c> as SQL; several follow each other after <c>concat</c>.</summary>
/// <param name="From">What stands after FROM.</param>
/// <param name="Order">Clauses that order the rows in one way only; empty for a single row.</param>
internal sealed record ApplyPart(ImmutableArray<RelationColumn> Columns, string From, ImmutableArray<string> Order)
{
    public RowQuery ToQuery(OpenTables tables, SqlParameters parameters, long take, long skip)
    {
        var list = string.Join(", ", Columns.Select(static column => column.Value.Text));
        var by = Order.IsEmpty ? string.Empty : $" ORDER BY {string.Join(", ", Order)}";
        return parameters.ToQuery(
            string.Create(CultureInfo.InvariantCulture, $"{tables.WithMain(Relation.Main)}SELECT {list} FROM {From} AS {RowReference.MainAlias}{by} LIMIT {take} OFFSET {skip}"),
            [.. Columns.Select(static column => new RowColumn(column.Name, SqlTypes.RowKind(column.Value.Kind)!.Value, IsDynamic: column.IsDynamic))]);
    }

    public RowQuery ToCount(OpenTables tables, SqlParameters parameters) =>
        parameters.ToQuery($"{tables.WithMain(Relation.Main)}SELECT count(*) FROM {From} AS {RowReference.MainAlias}", [new("count", RowValueKind.Int64)]);
}
