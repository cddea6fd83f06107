using CoupaGateway.OData.Errors;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// <c>add sub mul div mod</c> and negation. Integers stay integers (<c>div</c> truncates), decimals stay decimals, and a double makes a double.
/// Division by zero gives null: one such row must not fail the query.
/// </summary>
internal static class ArithmeticTranslator
{
    public static SqlFragment Translate(BinaryOperatorKind operation, SqlFragment left, SqlFragment right)
    {
        if (left.IsNull || right.IsNull)
            return SqlFragment.Null;
        if (SqlTypes.IsNumeric(left.Kind) && SqlTypes.IsNumeric(right.Kind))
            return Numeric(operation, left, right);

        return Temporal(operation, left, right)
            ?? throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The operator '{Name(operation)}' does not apply to {left.Kind} and {right.Kind}.");
    }

    public static SqlFragment Negate(SqlFragment operand) => operand.Kind switch
    {
        SqlKind.Null => operand,
        SqlKind.Int64 or SqlKind.Decimal or SqlKind.Double => operand with { Text = $"(-{operand.Text})" },
        SqlKind.Duration => operand with { Text = $"(-1 * {operand.Text})" },
        _ => throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The operator '-' does not apply to {operand.Kind}."),
    };

    private static SqlFragment Numeric(BinaryOperatorKind operation, SqlFragment left, SqlFragment right)
    {
        var kind = (SqlKind)Math.Max((int)left.Kind, (int)right.Kind);
        var (a, b) = (Cast(left, kind), Cast(right, kind));
        var text = operation switch
        {
            BinaryOperatorKind.Add => $"({a} + {b})",
            BinaryOperatorKind.Subtract => $"({a} - {b})",
            BinaryOperatorKind.Multiply when kind == SqlKind.Decimal => Product(a, b),
            BinaryOperatorKind.Multiply => $"({a} * {b})",
            BinaryOperatorKind.Divide when kind == SqlKind.Int64 => $"({a} // nullif({b}, 0))",
            BinaryOperatorKind.Divide when kind == SqlKind.Decimal => Quotient(a, b),
            BinaryOperatorKind.Divide => $"({a} / {b})",
            BinaryOperatorKind.Modulo when kind == SqlKind.Decimal => $"CAST({a} % nullif({b}, 0) AS {SqlTypes.Name(SqlKind.Decimal)})",
            BinaryOperatorKind.Modulo => $"({a} % nullif({b}, 0))",
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "No arithmetic operator."),
        };
        var canBeNull = left.Nullable || right.Nullable || operation is BinaryOperatorKind.Divide or BinaryOperatorKind.Modulo;
        return new(text, kind, canBeNull);
    }

    /// <summary>
    /// Two stored decimals multiply to 24 fraction digits, which leaves 14 for the integer part: exact for usual values. Larger products are
    /// made from factors rounded to six digits, which leaves 26.
    /// </summary>
    private static string Product(string a, string b) =>
        $"coalesce(TRY(CAST({a} * {b} AS {SqlTypes.Name(SqlKind.Decimal)})), CAST(CAST({a} AS DECIMAL(38,6)) * CAST({b} AS DECIMAL(38,6)) AS {SqlTypes.Name(SqlKind.Decimal)}))";

    /// <summary>
    /// DuckDB divides decimals as doubles, which have too few digits: <c>1539839.61 div 3</c> would not be 513279.87. What is left over is exact, so the whole part and the fraction are divided
    /// apart, and each is what its double rounds to (the whole part by way of an integer: a decimal made of a double is multiplied as one). Operands are repeated for that: of long ones, as a quotient of quotients of quotients has, fifteen digits are right.
    /// </summary>
    private static string Quotient(string a, string b)
    {
        const int MaxRepeated = 4_000;
        if (a.Length + b.Length > MaxRepeated)
            return Rounded($"CAST({a} AS DOUBLE) / nullif(CAST({b} AS DOUBLE), 0)");

        var name = SqlTypes.Name(SqlKind.Decimal);
        var left = $"({a} % nullif({b}, 0))";
        return $"(CAST(CAST(round(CAST({a} - {left} AS DOUBLE) / CAST({b} AS DOUBLE)) AS HUGEINT) AS {name}) + CAST(CAST({left} AS DOUBLE) / CAST({b} AS DOUBLE) AS {name}))";
    }

    /// <summary>A double as a decimal of the fifteen digits that are its own: those behind them come from its being binary.</summary>
    public static string Rounded(string text) => $"CAST(printf('%.15g', {text}) AS {SqlTypes.Name(SqlKind.Decimal)})";

    private static SqlFragment? Temporal(BinaryOperatorKind operation, SqlFragment left, SqlFragment right)
    {
        var nullable = left.Nullable || right.Nullable;
        return (operation, left.Kind, right.Kind) switch
        {
            (BinaryOperatorKind.Add, SqlKind.DateTime, SqlKind.Duration) => new($"({left.Text} + {right.Text})", SqlKind.DateTime, nullable),
            (BinaryOperatorKind.Subtract, SqlKind.DateTime, SqlKind.Duration) => new($"({left.Text} - {right.Text})", SqlKind.DateTime, nullable),
            (BinaryOperatorKind.Add, SqlKind.Date, SqlKind.Duration) => new($"CAST({left.Text} + {right.Text} AS DATE)", SqlKind.Date, nullable),
            (BinaryOperatorKind.Subtract, SqlKind.Date, SqlKind.Duration) => new($"CAST({left.Text} - {right.Text} AS DATE)", SqlKind.Date, nullable),
            (BinaryOperatorKind.Subtract, SqlKind.DateTime or SqlKind.Date, SqlKind.DateTime or SqlKind.Date) =>
                new($"({Cast(left, SqlKind.DateTime)} - {Cast(right, SqlKind.DateTime)})", SqlKind.Duration, nullable),
            (BinaryOperatorKind.Add, SqlKind.Duration, SqlKind.Duration) => new(Sum(left, '+', right), SqlKind.Duration, nullable),
            (BinaryOperatorKind.Subtract, SqlKind.Duration, SqlKind.Duration) => new(Sum(left, '-', right), SqlKind.Duration, nullable),
            _ => null,
        };
    }

    /// <summary>In microseconds, so that DuckDB refuses what has more of them than a number: days and microseconds apart could hold it, and nothing reads that.</summary>
    private static string Sum(SqlFragment left, char sign, SqlFragment right) => $"to_microseconds(epoch_us({left.Text}) {sign} epoch_us({right.Text}))";

    private static string Cast(SqlFragment fragment, SqlKind kind) =>
        fragment.Kind == kind ? fragment.Text : $"CAST({fragment.Text} AS {SqlTypes.Name(kind)})";

    private static string Name(BinaryOperatorKind operation) => operation switch
    {
        BinaryOperatorKind.Add => "add",
        BinaryOperatorKind.Subtract => "sub",
        BinaryOperatorKind.Multiply => "mul",
        BinaryOperatorKind.Divide => "div",
        _ => "mod",
    };
}
