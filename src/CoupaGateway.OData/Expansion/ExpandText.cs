using System.Text;
using CoupaGateway.OData.Query;

namespace CoupaGateway.OData.Expansion;

/// <summary>The text of <c>$expand</c>: links to what does not fit repeat the options in it as they were written.</summary>
internal static class ExpandText
{
    /// <summary>The options of a navigation property in an <c>$expand</c> that ODL has understood, by name with a dollar sign; empty where it has none.</summary>
    public static Dictionary<string, string> Options(string text, string property)
    {
        var item = TextSplitter.Split(text, ',')?.FirstOrDefault(item => item.StartsWith($"{property}(", StringComparison.Ordinal) && item.EndsWith(')'));
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in item is null ? [] : TextSplitter.Split(item[(property.Length + 1)..^1], ';') ?? [])
        {
            if (option.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value])
                options[name.StartsWith('$') ? name : $"${name}"] = value;
        }

        return options;
    }

    /// <summary>The options for a URL, each with an ampersand at its end.</summary>
    public static string Link(Dictionary<string, string> options, QueryOptionSet query)
    {
        var link = new StringBuilder();
        foreach (var (name, value) in options)
        {
            if (name is not (QueryOptionSet.Top or QueryOptionSet.Skip))
                link.Append(name).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        }

        foreach (var alias in query.ParameterAliases)
            link.Append(Uri.EscapeDataString(alias)).Append('=').Append(Uri.EscapeDataString(query[alias]!)).Append('&');
        return link.ToString();
    }
}
