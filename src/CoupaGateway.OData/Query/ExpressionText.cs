using System.Text;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>Looks at the text of an expression before the parser does.</summary>
internal static class ExpressionText
{
    /// <summary>
    /// Refuses deep nesting and rewrites <c>a divby b</c>, which ODL does not know, as <c>a mul 1.0M div b</c>: the operators have one precedence and
    /// group from the left, so that is the same, with a decimal quotient.
    /// </summary>
    /// <exception cref="FeedException">Parentheses are nested deeper than <paramref name="maxDepth"/>.</exception>
    public static string Prepare(string expression, int maxDepth, string option)
    {
        const string DivBy = " divby ";
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

            if (!quoted && string.CompareOrdinal(expression, index, DivBy, 0, DivBy.Length) == 0)
            {
                text.Append(" mul 1.0M div ");
                index += DivBy.Length - 1;
                continue;
            }

            text.Append(character);
        }

        return text.ToString();
    }
}
