using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Translation;

/// <summary>The built-in functions (URL Conventions 4.01, section 5.1.1.5 ff.). A null argument gives null, as in SQL.</summary>
internal static class FunctionTranslator
{
    /// <summary>What <c>trim</c> takes off: DuckDB's own takes spaces only.</summary>
    private const string Whitespace = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";

    public static SqlFragment Translate(string name, IReadOnlyList<SqlFragment> arguments, ExpressionScope scope)
    {
        if (arguments.Any(static argument => argument.IsNull))
            return SqlFragment.Null;

        return (name, arguments.Count) switch
        {
            ("contains", 2) => Text($"contains({arguments[0].Text}, {arguments[1].Text})", SqlKind.Boolean, arguments),
            ("startswith", 2) => Text($"starts_with({arguments[0].Text}, {arguments[1].Text})", SqlKind.Boolean, arguments),
            ("endswith", 2) => Text($"suffix({arguments[0].Text}, {arguments[1].Text})", SqlKind.Boolean, arguments),
            ("matchesPattern" or "matchespattern", 2) => Text($"regexp_matches({arguments[0].Text}, {arguments[1].Text})", SqlKind.Boolean, arguments),
            ("tolower", 1) => Text($"lower({arguments[0].Text})", SqlKind.String, arguments),
            ("toupper", 1) => Text($"upper({arguments[0].Text})", SqlKind.String, arguments),
            ("trim", 1) => Text($"trim({arguments[0].Text}, {Whitespace})", SqlKind.String, arguments),
            ("length", 1) => Text($"length({arguments[0].Text})", SqlKind.Int64, arguments),
            ("indexof", 2) => Text($"(instr({arguments[0].Text}, {arguments[1].Text}) - 1)", SqlKind.Int64, arguments),
            ("concat", 2) => Text($"({arguments[0].Text} || {arguments[1].Text})", SqlKind.String, arguments),
            ("substring", 2) => Text(Substring(arguments[0].Text, arguments[1].Text), SqlKind.String, arguments),
            ("substring", 3) => Text(Substring(arguments[0].Text, arguments[1].Text, arguments[2].Text), SqlKind.String, arguments),
            ("year" or "month" or "day" or "hour" or "minute" or "second", 1) => Text($"{name}({arguments[0].Text})", SqlKind.Int64, arguments),
            ("fractionalseconds", 1) => Fraction(arguments),
            ("date", 1) => Text($"CAST({arguments[0].Text} AS DATE)", SqlKind.Date, arguments),
            ("time", 1) => Text($"CAST({arguments[0].Text} AS TIME)", SqlKind.TimeOfDay, arguments),
            ("totaloffsetminutes", 1) => Text($"CASE WHEN {arguments[0].Text} IS NULL THEN NULL ELSE 0 END", SqlKind.Int64, arguments),

            // Not epoch(), which is a double.
            ("totalseconds", 1) => Text($"CAST(CAST(epoch_us({arguments[0].Text}) AS DECIMAL(19,0)) * 0.000001 AS {SqlTypes.Name(SqlKind.Decimal)})", SqlKind.Decimal, arguments),
            ("now", 0) => Instant(scope.Now, scope),
            ("mindatetime", 0) => Instant(DateTime.MinValue, scope),
            ("maxdatetime", 0) => Instant(DateTime.MaxValue, scope),
            ("round", 1) => Rounded("round", arguments),
            ("floor", 1) => Rounded("floor", arguments),
            ("ceiling", 1) => Rounded("ceil", arguments),
            _ => throw FeedException.NotImplemented($"The function '{name}' is not supported.", name),
        };
    }

    private static SqlFragment Text(string text, SqlKind kind, IReadOnlyList<SqlFragment> arguments) =>
        new(text, kind, arguments.Any(static argument => argument.Nullable));

    /// <summary>Positions count from 0; what lies outside the text is empty. DuckDB counts from 1 and takes negative numbers from the end.</summary>
    private static string Substring(string text, string start) => $"substring({text}, CASE WHEN {start} < 0 THEN 1 ELSE {start} + 1 END)";

    private static string Substring(string text, string start, string length) =>
        $"substring({text}, CASE WHEN {start} < 0 THEN 1 ELSE {start} + 1 END, CASE WHEN {length} < 0 THEN 0 ELSE {length} END)";

    private static SqlFragment Fraction(IReadOnlyList<SqlFragment> arguments) =>
        Text(
            $"CAST(CAST(microsecond({arguments[0].Text}) % 1000000 AS DECIMAL(18,0)) * 0.000001 AS {SqlTypes.Name(SqlKind.Decimal)})", SqlKind.Decimal, arguments);

    private static SqlFragment Rounded(string function, IReadOnlyList<SqlFragment> arguments)
    {
        var argument = arguments[0];
        return argument.Kind == SqlKind.Int64
            ? argument
            : Text($"CAST({function}({argument.Text}) AS {SqlTypes.Name(argument.Kind)})", argument.Kind, arguments);
    }

    private static SqlFragment Instant(DateTime value, ExpressionScope scope) =>
        LiteralTranslator.Parameter(DateTime.SpecifyKind(value, DateTimeKind.Utc), SqlKind.DateTime, scope.Parameters);
}
