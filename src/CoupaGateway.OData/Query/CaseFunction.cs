using System.Text;
using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Query;

/// <summary>
/// <c>case(condition:value,…)</c>, which ODL cannot parse: it is written as a chain of a function of the feed's own, which takes a condition and two values.
/// </summary>
internal static partial class CaseFunction
{
    /// <summary>Name of the function that <c>case</c> is written as.</summary>
    public const string Name = "CoupaGateway.when";

    private const string Case = "case(";

    /// <summary>Makes the function known to ODL, which keeps one list for the whole process.</summary>
    public static void Register()
    {
        var condition = EdmCoreModel.Instance.GetBoolean(isNullable: true);
        foreach (var kind in (EdmPrimitiveTypeKind[])
            [
                EdmPrimitiveTypeKind.Int64, EdmPrimitiveTypeKind.Decimal, EdmPrimitiveTypeKind.Double, EdmPrimitiveTypeKind.String, EdmPrimitiveTypeKind.Boolean,
                EdmPrimitiveTypeKind.DateTimeOffset, EdmPrimitiveTypeKind.Date, EdmPrimitiveTypeKind.TimeOfDay, EdmPrimitiveTypeKind.Duration,
            ])
        {
            var value = EdmCoreModel.Instance.GetPrimitive(kind, isNullable: true);
            CustomUriFunctions.AddCustomUriFunction(Name, new FunctionSignatureWithReturnType(value, condition, value, value));
        }
    }

    /// <param name="expression">An expression whose parentheses match.</param>
    /// <exception cref="FeedException">A <c>case</c> is malformed.</exception>
    public static string Rewrite(string expression, string option)
    {
        // The last one first: what stands inside another comes after its beginning.
        var starts = Starts(expression);
        for (var index = starts.Count - 1; index >= 0; index--)
        {
            var start = starts[index];
            var end = End(expression, start + Case.Length);
            if (end < 0 || TextSplitter.Split(expression[(start + Case.Length)..end], ',') is not { } branches)
                throw Invalid(option);

            expression = string.Concat(expression.AsSpan(0, start), Chain(branches, option), expression.AsSpan(end + 1));
        }

        return expression;
    }

    private static string Chain(List<string> branches, string option)
    {
        var text = new StringBuilder();
        foreach (var branch in branches)
        {
            // Colons of times are none that a value follows.
            var masked = Time().Replace(branch, static match => match.Value.Replace(':', '_'));
            if (TextSplitter.Split(masked, ':') is not { Count: 2 } parts || parts[0].Length == 0 || parts[1].Length == 0)
                throw Invalid(option);

            var colon = branch.Length - parts[1].Length - 1;
            while (branch[colon] != ':')
                colon--;
            text.Append(Name).Append('(').Append(branch.AsSpan(0, colon)).Append(',').Append(branch.AsSpan(colon + 1)).Append(',');
        }

        return text.Append("null").Append(')', branches.Count).ToString();
    }

    private static List<int> Starts(string expression)
    {
        var starts = new List<int>();
        var quoted = false;
        for (var index = 0; index < expression.Length; index++)
        {
            if (expression[index] == '\'')
                quoted = !quoted;
            else if (!quoted && string.CompareOrdinal(expression, index, Case, 0, Case.Length) == 0 && (index == 0 || !IsPartOfName(expression[index - 1])))
                starts.Add(index);
        }

        return starts;
    }

    private static bool IsPartOfName(char character) => char.IsLetterOrDigit(character) || character is '_' or '.' or '/' or '@' or '$';

    /// <summary>Where the parenthesis is closed that was opened before this place; negative where it is not.</summary>
    private static int End(string expression, int start)
    {
        var (depth, quoted) = (1, false);
        for (var index = start; index < expression.Length; index++)
        {
            if (expression[index] == '\'')
                quoted = !quoted;
            else if (!quoted && expression[index] == '(')
                depth++;
            else if (!quoted && expression[index] == ')' && --depth == 0)
                return index;
        }

        return -1;
    }

    private static FeedException Invalid(string option) =>
        FeedException.BadRequest(ErrorCodes.InvalidOption, $"In {option}, 'case' needs branches of the form condition:value, separated by commas.", option);

    /// <summary>Times as they stand in literals: of an instant and its offset, and of a day with its seconds.</summary>
    [GeneratedRegex(
        @"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([+-][0-9]{2}:[0-9]{2})?|(?<![0-9A-Za-z:])[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Time();
}
