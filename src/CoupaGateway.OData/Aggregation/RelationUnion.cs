using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>
/// The results of <c>concat</c> as one, for what comes after it. Their rows have the properties of all, null where a branch has none. Each has two columns more: the number
/// of its branch, and its own number there, which together are the order.
/// </summary>
internal static class RelationUnion
{
    public static Relation Of(ImmutableArray<Relation> branches, ExpressionBudget budget)
    {
        var first = branches[0];
        var areEntities = branches.All(branch => branch.Set is not null && branch.Columns.Count(static column => !column.IsDynamic) == first.Columns.Count(static column => !column.IsDynamic));
        var names = new List<string>();
        var columns = new List<RelationColumn>();
        foreach (var group in branches.SelectMany(static branch => branch.Columns).GroupBy(static column => column.Path, StringComparer.Ordinal))
        {
            // Entities keep the columns of their table: paths to other rows need the key.
            var kept = areEntities && !group.First().IsDynamic;
            names.Add(kept ? SqlText.Identifier(group.Key) : budget.NewColumn());
            columns.Add(Merge([.. group], names[^1], branches.Length));
        }

        var (number, place) = (budget.NewColumn(), budget.NewColumn());
        var selects = branches.Select((branch, index) => Select(branch, index, columns, names, number, place));
        var from = $"({string.Join(" UNION ALL ", selects)})";
        var keys = Tables.KeyRanges.Any(branches.Select(static branch => branch.Keys));
        ImmutableArray<OrderKey> key = [.. new[] { number, place }.Select(static name => new OrderKey(new($"{RowReference.MainAlias}.{name}", SqlKind.Int64, Nullable: false), Descending: false))];
        var isSparse = branches.Any(branch => branch.IsSparse || branch.Columns.Length < columns.Count);
        if (!areEntities)
            return first.Made(from, columns) with { Key = key, Keys = keys, IsSparse = isSparse };

        var made = columns.Where(static column => column.IsDynamic).ToList();
        return first with
        {
            From = from,
            Type = made.Count == 0 ? first.Set!.EntityType : ResultType.Create(first.Set!.EntityType, made),
            Columns = [.. columns],
            Row = RowReference.Of(first.Row.Table, RowReference.MainAlias) with { Computed = made.ToImmutableDictionary(static column => column.Path, static column => column.Value, StringComparer.Ordinal) },
            Order = [],
            Key = key,
            Keys = keys,
            IsNarrowable = branches.All(static branch => branch.IsNarrowable),
            IsSparse = isSparse,
        };
    }

    private static RelationColumn Merge(List<RelationColumn> columns, string name, int branches)
    {
        var first = columns[0];
        if (columns.Exists(column => !column.Above.SequenceEqual(first.Above)))
            throw Mismatch(first);

        return first with
        {
            Value = new($"{RowReference.MainAlias}.{name}", columns.Select(static column => column.Value.Kind).Aggregate((kind, other) => Common(kind, other) ?? throw Mismatch(first)), columns.Count < branches || columns.Exists(static column => column.Value.Nullable))
            {
                TokensOf = columns.Select(static column => column.Value.TokensOf).FirstOrDefault(static tokens => tokens is not null),
            },
            IsDynamic = columns.Exists(static column => column.IsDynamic),
            IsSearched = columns.TrueForAll(static column => column.IsSearched),
        };
    }

    private static string Select(Relation branch, int index, List<RelationColumn> columns, List<string> names, string number, string place)
    {
        var own = branch.Columns.ToDictionary(static column => column.Path, static column => column.Value.Text, StringComparer.Ordinal);
        var items = columns.Select((column, at) => $"CAST({own.GetValueOrDefault(column.Path, "NULL")} AS {SqlTypes.Name(column.Value.Kind)}) AS {names[at]}");
        var order = string.Join(", ", branch.Order.Concat(branch.Key).Select(static key => key.Clause));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {string.Join(", ", items)}, CAST({index} AS BIGINT) AS {number}, row_number() OVER ({(order.Length == 0 ? string.Empty : $"ORDER BY {order}")}) AS {place} FROM {branch.From} AS {RowReference.MainAlias}");
    }

    private static SqlKind? Common(SqlKind kind, SqlKind other) =>
        kind == other ? kind
        : !SqlTypes.IsNumeric(kind) || !SqlTypes.IsNumeric(other) ? null
        : kind == SqlKind.Double || other == SqlKind.Double ? SqlKind.Double
        : SqlKind.Decimal;

    private static Errors.FeedException Mismatch(RelationColumn column) => Transformation.Invalid($"'{column.Path}' has another type in another branch of 'concat'.");
}
