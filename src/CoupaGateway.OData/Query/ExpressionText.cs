using System.Text;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>Looks at the text of an expression before the parser does, and rewrites what ODL does not know.</summary>
internal sealed class ExpressionText(QueryOptionSet query, int maxDepth, string option)
{
    private const string DivBy = " divby ";
    private const string InAlias = " in @";

    private static readonly string[] Operators = ["eq", "ne", "gt", "ge", "lt", "le", "in", "and", "or", "not", "add", "sub", "mul", "div", "mod"];

    /// <summary>
    /// Refuses deep nesting. Rewrites <c>a divby b</c> as <c>a mul 1.0M div b</c>: the operators have one precedence and group from the left, so that
    /// is the same, with a decimal quotient. Writes operators in lower case. Rewrites <c>case</c>, see <see cref="CaseFunction"/>. Puts the list in the place of <c>in @list</c>.
    /// Writes the words of a <c>$search</c> inside as <see cref="SearchText"/> has them.
    /// </summary>
    /// <exception cref="FeedException">Parentheses are nested deeper than allowed.</exception>
    public string Prepare(string expression)
    {
        var text = new StringBuilder(expression.Length);
        var (depth, quoted) = (0, false);
        for (var index = 0; index < expression.Length; index++)
        {
            var character = expression[index];
            if (character == '\'')
                quoted = !quoted;
            else if (!quoted && character == '(' && ++depth > maxDepth)
                throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression in {option} is nested deeper than {maxDepth} levels.", option);
            else if (!quoted && character == ')')
                depth--;

            if (!quoted && SearchAt(expression, index) is { } search)
            {
                var end = SearchText.End(expression, index + search.Length);
                text.Append(search).Append(SearchText.PrepareNested(expression[(index + search.Length)..end], maxDepth));
                index = end - 1;
            }
            else if (!quoted && IsAt(expression, index, DivBy))
            {
                text.Append(" mul 1.0M div ");
                index += DivBy.Length - 1;
            }
            else if (!quoted && OperatorAt(expression, index) is { } known)
            {
                text.Append(known);
                index += known.Length - 1;
            }
            else if (!quoted && IsAt(expression, index, InAlias))
            {
                var end = EndOfName(expression, index + InAlias.Length);
                text.Append(" in ").Append(List(expression[(index + InAlias.Length - 1)..end]));
                index = end - 1;
            }
            else
            {
                text.Append(character);
            }
        }

        return CaseFunction.Rewrite(text.ToString(), option);
    }

    /// <summary>The name of a <c>$search</c> among the options of <c>$expand</c> or <c>$count</c>; null where there is none.</summary>
    private static string? SearchAt(string expression, int index) => index == 0 || expression[index - 1] is not ('(' or ';') ? null
        : IsAt(expression, index, "$search=") ? "$search="
        : IsAt(expression, index, "search=") ? "search="
        : null;

    private string List(string alias)
    {
        if (query[alias] is { } list && list.TrimStart() is ['(' or '[', ..])
            return list.Trim();

        throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The parameter alias '{alias}' stands after 'in' in {option}, but has no list as its value.", alias);
    }

    /// <summary>An operator that is not written in lower case, as ODL wants it and the standard since 4.01 does not; null where there is none.</summary>
    private static string? OperatorAt(string expression, int index)
    {
        if (index > 0 && expression[index - 1] is not (' ' or '('))
            return null;

        foreach (var known in Operators)
        {
            var end = index + known.Length;
            if (end < expression.Length && expression[end] == ' ' && IsAt(expression, index, known) && string.CompareOrdinal(expression, index, known, 0, known.Length) != 0)
                return known;
        }

        return null;
    }

    private static bool IsAt(string expression, int index, string word) => string.Compare(expression, index, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private static int EndOfName(string expression, int index)
    {
        while (index < expression.Length && (char.IsLetterOrDigit(expression[index]) || expression[index] == '_'))
            index++;
        return index;
    }
}
