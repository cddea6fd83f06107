using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.Schema;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary><c>$orderby</c> as a total order: what was asked for, then the table's key, so that pages neither repeat nor lose a row.</summary>
internal static class OrderByTranslator
{
    public static ImmutableArray<OrderKey> Translate(OrderByClause? clause, TableSchema table, ExpressionScope scope, int maxKeys)
    {
        var keys = Keys(clause, scope);
        if (keys.Count > maxKeys)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$orderby has more than {maxKeys} keys.", "$orderby");

        if (IsKeyOrder(keys, table))
            keys.Clear();

        foreach (var (column, sql) in table.Key.Zip(scope.Main.Key))
        {
            if (!keys.Any(key => key.Column == column.Name))
                keys.Add(new(new(sql, SqlTypes.Kind(column.Type), Nullable: false), Descending: false, column.Name));
        }

        return [.. keys];
    }

    /// <summary>What was asked for, and nothing else.</summary>
    public static List<OrderKey> Keys(OrderByClause? clause, ExpressionScope scope)
    {
        var keys = new List<OrderKey>();
        var translator = new ExpressionTranslator(scope);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var part = clause; part is not null; part = part.ThenBy)
        {
            var expression = translator.Translate(part.Expression);
            TokenRule.Refuse(expression, "ordering");
            if (expression.IsNull)
                continue;

            var column = part.Expression is SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } property ? property.Property.Name : null;
            if (column is null || seen.Add(column))
                keys.Add(new(expression, part.Direction == OrderByDirection.Descending, column));
        }

        return keys;
    }

    /// <summary>Whether the order is the one that rows have at rest: no sorting is needed then.</summary>
    public static bool IsKeyOrder(IReadOnlyList<OrderKey> keys, TableSchema table)
    {
        for (var index = 0; index < keys.Count; index++)
        {
            if (index == table.Key.Length)
                return true;
            if (keys[index].Descending || keys[index].Column != table.Key[index].Name)
                return false;
        }

        return true;
    }
}
