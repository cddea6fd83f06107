using System.Collections.Immutable;

namespace CoupaGateway.OData.Translation;

/// <summary>The condition "after this row" in a total order: <c>a &gt; $1 OR (a = $1 AND (b &gt; $2 OR …))</c>, with null before every value.</summary>
internal static class KeysetPredicate
{
    /// <param name="last">Values of the keys in the last row seen; as many as there are keys.</param>
    public static string After(ImmutableArray<OrderKey> order, ImmutableArray<object?> last, SqlParameters parameters)
    {
        var text = "FALSE";
        for (var index = order.Length - 1; index >= 0; index--)
        {
            var (expression, value) = (order[index].Expression.Text, last[index]);
            var placeholder = value is null ? null : parameters.Add(value, order[index].Expression.Kind);
            var beyond = Beyond(order[index], placeholder);
            var same = placeholder is null ? $"{expression} IS NULL" : $"{expression} = {placeholder}";
            text = text == "FALSE" ? beyond : $"({beyond} OR ({same} AND {text}))";
        }

        return text;
    }

    private static string Beyond(OrderKey key, string? value) => (key.Descending, value) switch
    {
        (false, null) => $"({key.Expression.Text} IS NOT NULL)",
        (true, null) => "FALSE",
        (false, _) => $"({key.Expression.Text} > {value})",
        (true, _) when key.Expression.Nullable => $"({key.Expression.Text} < {value} OR {key.Expression.Text} IS NULL)",
        (true, _) => $"({key.Expression.Text} < {value})",
    };
}
