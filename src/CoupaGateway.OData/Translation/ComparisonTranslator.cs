using CoupaGateway.OData.Errors;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// <c>eq ne gt ge lt le in</c> with OData's treatment of null (URL Conventions 4.01, section 5.1.1.1): null equals null and nothing else, an order
/// comparison with one null is false. So a comparison is never null, unlike in SQL.
/// </summary>
internal static class ComparisonTranslator
{
    /// <param name="nullIsFalse">
    /// Whether the result stands where SQL's null counts as false (below nothing but <c>and</c> and <c>or</c>): plain operators then do, and DuckDB can skip
    /// row groups by them.
    /// </param>
    public static SqlFragment Translate(BinaryOperatorKind operation, SqlFragment left, SqlFragment right, bool nullIsFalse)
    {
        var (a, b) = Align(left, right);
        var text = operation switch
        {
            BinaryOperatorKind.Equal => Equal(a, b, nullIsFalse),
            BinaryOperatorKind.NotEqual => NotEqual(a, b),
            BinaryOperatorKind.GreaterThan => Ordered(a, ">", b, nullIsFalse),
            BinaryOperatorKind.LessThan => Ordered(a, "<", b, nullIsFalse),
            BinaryOperatorKind.GreaterThanOrEqual => OrderedOrEqual(a, ">=", b, nullIsFalse),
            BinaryOperatorKind.LessThanOrEqual => OrderedOrEqual(a, "<=", b, nullIsFalse),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No comparison."),
        };
        return new(text, SqlKind.Boolean, Nullable: false);
    }

    public static SqlFragment In(SqlFragment item, IReadOnlyList<SqlFragment> values, bool nullIsFalse)
    {
        var known = new List<string>(values.Count);
        var withNull = false;
        foreach (var value in values)
        {
            withNull |= value.Nullable;
            if (!value.IsNull)
                known.Add(Align(value, item).Left.Text);
        }

        var text = item.IsNull || known.Count == 0 ? "FALSE" : $"({item.Text} IN ({string.Join(", ", known)}))";
        if (item.Nullable && !item.IsNull && known.Count > 0 && !nullIsFalse)
            text = $"coalesce({text}, FALSE)";
        if (withNull && item.Nullable)
            text = $"({text} OR {item.Text} IS NULL)";
        return new(text, SqlKind.Boolean, Nullable: false);
    }

    /// <summary>One of two values. Tokens stay tokens, whichever it is.</summary>
    public static SqlFragment Choose(SqlFragment condition, SqlFragment first, SqlFragment second)
    {
        var (a, b) = Align(first, second);
        var kind = a.IsNull ? b.Kind : b.IsNull ? a.Kind : (SqlKind)Math.Max((int)a.Kind, (int)b.Kind);
        if (kind == SqlKind.Null)
            return SqlFragment.Null;

        var name = SqlTypes.Name(kind);
        return new($"(CASE WHEN {condition.Text} THEN CAST({a.Text} AS {name}) ELSE CAST({b.Text} AS {name}) END)", kind, first.Nullable || second.Nullable)
        {
            TokensOf = first.TokensOf ?? second.TokensOf,
        };
    }

    /// <summary>Brings two operands to one kind: numbers to the wider one, a date beside an instant to its midnight.</summary>
    private static (SqlFragment Left, SqlFragment Right) Align(SqlFragment left, SqlFragment right)
    {
        if (left.Kind == right.Kind || left.IsNull || right.IsNull || (SqlTypes.IsNumeric(left.Kind) && SqlTypes.IsNumeric(right.Kind)))
            return (left, right);
        if (left.Kind == SqlKind.Date && right.Kind == SqlKind.DateTime)
            return (Midnight(left), right);
        if (left.Kind == SqlKind.DateTime && right.Kind == SqlKind.Date)
            return (left, Midnight(right));

        throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"A {left.Kind} cannot be compared with a {right.Kind}.");
    }

    private static SqlFragment Midnight(SqlFragment date) => date with { Text = $"CAST({date.Text} AS TIMESTAMP)", Kind = SqlKind.DateTime };

    private static string Equal(SqlFragment a, SqlFragment b, bool nullIsFalse)
    {
        if (a.IsNull || b.IsNull)
            return IsNull(a.IsNull ? b : a);
        if ((!a.Nullable || !b.Nullable) && (nullIsFalse || (!a.Nullable && !b.Nullable)))
            return $"({a.Text} = {b.Text})";

        return $"({a.Text} IS NOT DISTINCT FROM {b.Text})";
    }

    private static string NotEqual(SqlFragment a, SqlFragment b)
    {
        if (a.IsNull || b.IsNull)
            return $"(NOT {IsNull(a.IsNull ? b : a)})";

        return a.Nullable || b.Nullable ? $"({a.Text} IS DISTINCT FROM {b.Text})" : $"({a.Text} <> {b.Text})";
    }

    private static string Ordered(SqlFragment a, string sign, SqlFragment b, bool nullIsFalse)
    {
        if (a.IsNull || b.IsNull)
            return "FALSE";

        return nullIsFalse || (!a.Nullable && !b.Nullable) ? $"({a.Text} {sign} {b.Text})" : $"coalesce({a.Text} {sign} {b.Text}, FALSE)";
    }

    private static string OrderedOrEqual(SqlFragment a, string sign, SqlFragment b, bool nullIsFalse)
    {
        if (a.IsNull || b.IsNull)
            return IsNull(a.IsNull ? b : a);
        if (!a.Nullable || !b.Nullable)
            return Ordered(a, sign, b, nullIsFalse);

        return $"(coalesce({a.Text} {sign} {b.Text}, FALSE) OR ({a.Text} IS NULL AND {b.Text} IS NULL))";
    }

    private static string IsNull(SqlFragment operand) => operand switch
    {
        { IsNull: true } => "TRUE",
        { Nullable: false } => "FALSE",
        _ => $"({operand.Text} IS NULL)",
    };
}
