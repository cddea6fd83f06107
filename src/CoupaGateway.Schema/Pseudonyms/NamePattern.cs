using System.Text;
using System.Text.RegularExpressions;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>A name with wildcards: <c>*</c> is one word, <c>**</c> is anything, also nothing.</summary>
internal sealed class NamePattern
{
    private readonly Regex? _pattern;
    private readonly string _text;

    /// <param name="separator">What ends a word.</param>
    public NamePattern(string text, char separator)
    {
        _text = text;
        HasWildcard = text.Contains('*', StringComparison.Ordinal);
        if (HasWildcard)
            _pattern = new Regex(Translate(text, separator), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    public bool HasWildcard { get; }

    public bool Matches(string name) => _pattern?.IsMatch(name) ?? string.Equals(name, _text, StringComparison.Ordinal);

    private static string Translate(string text, char separator)
    {
        var pattern = new StringBuilder("^");
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '*')
            {
                pattern.Append(Regex.Escape(text[i].ToString()));
            }
            else if (i + 1 < text.Length && text[i + 1] == '*')
            {
                pattern.Append(".*");
                i++;
            }
            else
            {
                pattern.Append("[^").Append(Regex.Escape(separator.ToString())).Append("]+");
            }
        }

        return pattern.Append('$').ToString();
    }
}
