using System.Text;

namespace CoupaGateway.OData.Formats;

/// <summary>Takes a <c>Prefer</c> header apart (RFC 7240): preferences stand between commas, a value may be quoted, and parameters after a semicolon are of no interest here.</summary>
internal static class PreferenceReader
{
    public static IEnumerable<(string Name, string Value)> Read(string header)
    {
        foreach (var preference in Split(header, ','))
        {
            var named = Split(preference, ';').First();
            var equals = named.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? named : named[..equals]).Trim();
            if (name.Length > 0)
                yield return (name, equals < 0 ? string.Empty : Unquote(named[(equals + 1)..].Trim()));
        }
    }

    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, quoted) = (0, false);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && quoted)
            {
                index++;
            }
            else if (text[index] == '"')
            {
                quoted = !quoted;
            }
            else if (text[index] == separator && !quoted)
            {
                yield return text[start..index];
                start = index + 1;
            }
        }

        yield return text[start..];
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"')
            return value;

        var text = new StringBuilder(value.Length);
        for (var index = 1; index < value.Length - 1; index++)
        {
            if (value[index] == '\\' && index < value.Length - 2)
                index++;
            text.Append(value[index]);
        }

        return text.ToString();
    }
}
