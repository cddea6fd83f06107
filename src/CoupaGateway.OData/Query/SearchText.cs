using System.Text;
using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>Writes the words of <c>$search</c> as phrases: ODL takes letters only in words, the standard digits and more, too.</summary>
internal static partial class SearchText
{
    /// <summary>What words begin with that stand for others.</summary>
    private const string Mark = "searchFor";

    /// <summary>
    /// A whole text in single quotes is one phrase. <c>AND</c>, <c>OR</c> and <c>NOT</c> are operators where an operator can stand, and words elsewhere.
    /// </summary>
    /// <exception cref="FeedException">Parentheses are nested deeper than <paramref name="maxDepth"/>.</exception>
    public static string Prepare(string search, int maxDepth)
    {
        if (search.Trim() is ['\'', .., '\''] quoted && quoted.Length > 2 && quoted[1..^1].Replace("''", string.Empty, StringComparison.Ordinal) is var rest && !rest.Contains('\'', StringComparison.Ordinal))
            return Phrase(quoted[1..^1].Replace("''", "'", StringComparison.Ordinal));

        var tokens = Tokens(search, maxDepth);
        var text = new StringBuilder(search.Length + 8);
        var isOperand = true;
        for (var index = 0; index < tokens.Count; index++)
        {
            var token = tokens[index];
            var isFollowed = index + 1 < tokens.Count && tokens[index + 1] != ")";
            var isOperator = isFollowed && (token == "NOT" || (!isOperand && token is ("AND" or "OR")));
            text.Append(index > 0 ? " " : string.Empty).Append(isOperator || token is "(" or ")" || token[0] == '"' ? token : Phrase(token));
            isOperand = isOperator || token == "(";
        }

        return text.ToString();
    }

    private static string Phrase(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Words, phrases with their quotes, and parentheses.</summary>
    private static List<string> Tokens(string search, int maxDepth)
    {
        var tokens = new List<string>();
        var depth = 0;
        for (var index = 0; index < search.Length;)
        {
            var character = search[index];
            var end = index + 1;
            if (character == '"')
            {
                end = EndOfPhrase(search, index);
            }
            else if (character is '(' or ')')
            {
                depth += character == '(' ? 1 : -1;
                if (depth > maxDepth)
                    throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The expression in $search is nested deeper than {maxDepth} levels.", QueryOptionSet.Search);
            }
            else if (!char.IsWhiteSpace(character))
            {
                while (end < search.Length && search[end] is not ('"' or '(' or ')') && !char.IsWhiteSpace(search[end]))
                    end++;
            }

            if (!char.IsWhiteSpace(character))
                tokens.Add(search[index..end]);
            index = end;
        }

        return tokens;
    }

    /// <summary>
    /// As <see cref="Prepare"/>, for a <c>$search</c> among other options in parentheses, where ODL's reader stops at semicolons, parentheses and quotes even inside a phrase: each word and
    /// phrase becomes a word of letters, which <see cref="Text"/> turns back.
    /// </summary>
    /// <exception cref="FeedException">Parentheses are nested deeper than <paramref name="maxDepth"/>.</exception>
    public static string PrepareNested(string search, int maxDepth)
    {
        var prepared = Prepare(search, maxDepth);
        var text = new StringBuilder(prepared.Length * 2);
        for (var index = 0; index < prepared.Length;)
        {
            if (prepared[index] != '"')
            {
                text.Append(prepared[index++]);
                continue;
            }

            var end = EndOfPhrase(prepared, index);
            if (end - index < 2 || prepared[end - 1] != '"')
                return prepared;

            text.Append(Mark);
            foreach (var unit in Escape().Replace(prepared[(index + 1)..(end - 1)], "${one}"))
            {
                for (var shift = 12; shift >= 0; shift -= 4)
                    text.Append((char)('a' + ((unit >> shift) & 15)));
            }

            index = end;
        }

        return text.ToString();
    }

    /// <summary>What a word of ODL's tree stands for.</summary>
    public static string Text(string word)
    {
        if (!word.StartsWith(Mark, StringComparison.Ordinal) || (word.Length - Mark.Length) % 4 != 0 || word.AsSpan(Mark.Length).ContainsAnyExceptInRange('a', 'p'))
            return word;

        return string.Create((word.Length - Mark.Length) / 4, word, static (text, word) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                foreach (var digit in word.AsSpan(Mark.Length + (index * 4), 4))
                    text[index] = (char)((text[index] << 4) | (digit - 'a'));
            }
        });
    }

    /// <summary>Where a <c>$search</c> ends that begins here among other options in parentheses.</summary>
    public static int End(string options, int start)
    {
        var depth = 0;
        for (var index = start; index < options.Length; index++)
        {
            if (index == start && options[index] == '\'' && EndOfText(options, index) is { } quoted)
                index = quoted;
            else if (options[index] == '"')
                index = EndOfPhrase(options, index) - 1;
            else if (options[index] == '(')
                depth++;
            else if (depth == 0 && options[index] is (')' or ';'))
                return index;
            else if (options[index] == ')')
                depth--;
        }

        return options.Length;
    }

    /// <summary>Where the quote is that ends a text in single quotes; null where there is none.</summary>
    private static int? EndOfText(string options, int start)
    {
        for (var index = start + 1; index < options.Length; index++)
        {
            if (options[index] != '\'')
                continue;
            if (index + 1 == options.Length || options[index + 1] != '\'')
                return index;
            index++;
        }

        return null;
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

    [GeneratedRegex(@"\\(?<one>.)", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Escape();
}
