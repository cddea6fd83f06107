using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CoupaGateway.OData.Aggregation;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Expansion;

/// <summary>
/// The query of one level. It joins the related rows to the keys of the rows above and gives them in the order in which those are written, so that both results can
/// be read side by side.
/// </summary>
/// <remarks>
/// <code>
/// p0: keys of the page's rows, numbered in the order of the page
/// p1: keys of the rows of the level below, numbered in the order of their rows …
/// SELECT columns, number of the row above FROM p… JOIN related table ON its key begins with that of the row above (or the other way round) ORDER BY that number, …
/// </code>
/// </remarks>
internal static class ExpandSql
{
    /// <summary>Number of the row above.</summary>
    public const string Above = "\"$p\"";

    /// <summary>Number of a row among those of its level, from 1.</summary>
    private const string Number = "\"$o\"";

    /// <summary>The WITH clause of a page, its rows as <c>p0</c>.</summary>
    public static string Page(PagePlan plan, OpenTables tables, CollectionQuery query) =>
        $"{tables.With.TrimEnd()}, {Page(RowReference.Of(query.Table, RowReference.MainAlias), query.Order, $" FROM {query.From(tables)} AS {RowReference.MainAlias}{plan.Tail}")}";

    /// <summary>As of a page, of entities that <c>$apply</c> gives.</summary>
    /// <param name="tail">What stands behind the columns.</param>
    public static string Page(ApplyQuery query, string tail, OpenTables tables) =>
        $"{tables.WithMain(Relation.Main).TrimEnd()}, {Page(RowReference.Of(query.Snapshot.Table, RowReference.MainAlias), query.Parts[0].Order, tail)}";

    private static string Page(RowReference row, ImmutableArray<OrderKey> order, string rows) =>
        $"p0 AS ({Numbered(order, null, $"SELECT {Keys(row, order)}{rows}", row.Table.Key.Length)})";

    /// <summary>The rows of a level as <c>p…</c>, for the level below.</summary>
    public static string Rows(ExpandLevel level, int depth, int limit) =>
        $"p{depth + 1} AS ({Numbered(level.Order, Above, $"SELECT p.{Number} AS {Above}, {Keys(level.Row, level.Order)} {Related(level, depth, limit)}", level.Table.Key.Length)})";

    /// <param name="depth">Number of the rows above: <c>p0</c> for the page.</param>
    /// <param name="limit">Most rows of a collection.</param>
    public static (string Sql, ImmutableArray<RowColumn> Columns) Query(ExpandLevel level, int depth, int limit)
    {
        var list = SelectList.Of(level.Select, level.Inside, level.Table, level.Row.Alias!);
        list.Add(new RowColumn(Above, RowValueKind.Int64, Hidden: true), $"p.{Number}");
        var order = level.Order.Select(static key => key.Clause).Prepend($"p.{Number}");
        return ($"SELECT {list.Text} {Related(level, depth, limit)} ORDER BY {string.Join(", ", order)}", list.Columns);
    }

    private static string Related(ExpandLevel level, int depth, int limit)
    {
        var text = new StringBuilder($"FROM p{depth} AS p JOIN {level.From} AS {level.Row.Alias} ON ");
        text.AppendJoin(" AND ", level.Row.Key.Take(level.KeyParts).Select(static (key, part) => $"{key} = p.{Key(part)}"));
        if (level.Filter is not null)
            text.Append(" WHERE ").Append(level.Filter);
        if (level.IsCollection)
        {
            // One more than fits tells that there are more.
            var last = level.Skip + Math.Min(level.Top ?? long.MaxValue, limit + 1L);
            text.Append(CultureInfo.InvariantCulture, $" QUALIFY row_number() OVER (PARTITION BY p.{Number} ORDER BY {string.Join(", ", level.Order.Select(static key => key.Clause))}) BETWEEN {level.Skip + 1} AND {last}");
        }

        return text.ToString();
    }

    private static string Keys(RowReference row, ImmutableArray<OrderKey> order) => string.Join(
        ", ", row.Key.Select(static (key, part) => $"{key} AS {Key(part)}").Concat(order.Select(static (key, part) => $"{key.Expression.Text} AS {Sort(part)}")));

    private static string Numbered(ImmutableArray<OrderKey> order, string? above, string rows, int keys)
    {
        var clauses = order.Select(static (key, part) => (key with { Expression = key.Expression with { Text = Sort(part) } }).Clause);
        if (above is not null)
            clauses = clauses.Prepend(above);
        var by = string.Join(", ", clauses);
        return $"SELECT {string.Join(", ", Enumerable.Range(0, keys).Select(Key))}, row_number() OVER ({(by.Length == 0 ? string.Empty : $"ORDER BY {by}")}) AS {Number} FROM ({rows})";
    }

    private static string Key(int part) => $"\"$k{part}\"";

    private static string Sort(int part) => $"\"$s{part}\"";
}
