using System.Text;
using CoupaGateway.OData.Query;

namespace CoupaGateway.OData.Expansion;

/// <summary>The text of <c>$expand</c>: links to what does not fit repeat the options in it as they were written.</summary>
internal static class ExpandText
{
    /// <summary>The options of a navigation property in an <c>$expand</c> that ODL has understood, by name with a dollar sign; empty where it has none.</summary>
    public static Dictionary<string, string> Options(string text, string property)
    {
        var item = TextSplitter.Split(text, ',')?.FirstOrDefault(item => item.StartsWith($"{property}(", StringComparison.Ordinal));
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in item is null ? [] : Inside(item) ?? [])
        {
            if (Option(option) is var (name, value))
                options[name] = value;
        }

        return options;
    }

    /// <summary>What stands in the parentheses of an item, each option apart; null where it has none, or where they do not match.</summary>
    public static List<string>? Inside(string item) => item.EndsWith(')') && item.IndexOf('(', StringComparison.Ordinal) is > 0 and var from ? TextSplitter.Split(item[(from + 1)..^1], ';') : null;

    /// <summary>Name, with a dollar sign, and value of an option; null for what is none.</summary>
    public static (string Name, string Value)? Option(string option) =>
        option.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value] ? (name.StartsWith('$') ? name : $"${name}", value) : null;

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
