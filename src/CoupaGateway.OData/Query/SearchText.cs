using System.Text;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>Writes the words of <c>$search</c> as phrases: ODL takes letters only in words, the standard digits and more, too.</summary>
internal static class SearchText
{
    /// <exception cref="FeedException">Parentheses are nested deeper than <paramref name="maxDepth"/>.</exception>
    public static string Prepare(string search, int maxDepth)
    {
        var text = new StringBuilder(search.Length + 8);
        var depth = 0;
        for (var index = 0; index < search.Length;)
        {
            var character = search[index];
            if (character == '"')
            {
                var end = EndOfPhrase(search, index);
                text.Append(search, index, end - index);
                index = end;
            }
            else if (character is '(' or ')' || char.IsWhiteSpace(character))
            {
                depth += character switch { '(' => 1, ')' => -1, _ => 0 };
                if (depth > maxDepth)
                    throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression in $search is nested deeper than {maxDepth} levels.", QueryOptionSet.Search);
                text.Append(character);
                index++;
            }
            else
            {
                var end = index;
                while (end < search.Length && search[end] is not ('"' or '(' or ')') && !char.IsWhiteSpace(search[end]))
                    end++;
                var word = search[index..end];
                text.Append(word is "AND" or "OR" or "NOT" ? word : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal)}\"");
                index = end;
            }
        }

        return text.ToString();
    }

    private static int EndOfPhrase(string search, int start)
    {
        for (var index = start + 1; index < search.Length; index++)
        {
            if (search[index] == '\\')
                index++;
            else if (search[index] == '"')
                return index + 1;
        }

        return search.Length;
    }
}
