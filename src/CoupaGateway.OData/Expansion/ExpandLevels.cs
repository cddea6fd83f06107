using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Query;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Expansion;

/// <summary>
/// Spells <c>$levels</c> out (URL Conventions 4.01, section 5.1.3.2): <c>*($levels=2)</c> becomes every navigation property, each with <c>$expand=*</c>. ODL knows the option only for properties
/// that lead back to their own type, and in this model none does.
/// </summary>
internal sealed class ExpandLevels(FeedOptions options)
{
    private const string Levels = "$levels";

    private int _items;

    /// <param name="text">As the caller wrote it. What is malformed is left for ODL, which says so.</param>
    /// <param name="type">The type whose navigation properties are expanded.</param>
    public static string Spell(string text, IEdmEntityType type, FeedOptions options) =>
        text.Contains(Levels[1..], StringComparison.OrdinalIgnoreCase) ? new ExpandLevels(options).Items(text, type, depth: 0) : text;

    private string Items(string text, IEdmEntityType type, int depth)
    {
        if (depth > options.MaxExpandDepth || TextSplitter.Split(text, ',') is not { } items)
            return text;

        var named = items.Select(Name).ToHashSet(StringComparer.Ordinal);
        return string.Join(',', items.Select(item => Name(item) == "*"
            ? Star(item, type, named, depth)
            : type.FindProperty(Name(item)) is IEdmNavigationProperty property ? Item(item, property, depth) : item));
    }

    private string Star(string item, IEdmEntityType type, HashSet<string> named, int depth) =>
        ExpandText.Inside(item) is [var only] && Count(only) is { } levels ? Everything(type, named, Math.Min(levels, options.MaxExpandDepth - depth + 1)) : item;

    /// <param name="named">Navigation properties that stand for themselves.</param>
    private string Everything(IEdmEntityType type, HashSet<string> named, int levels)
    {
        var properties = type.NavigationProperties().Where(property => !named.Contains(property.Name)).ToArray();
        if ((_items += properties.Length) > options.MaxExpandItems)
            throw ExpandTranslator.TooMany(options);

        return properties.Length == 0 ? "*" : string.Join(',', properties.Select(property =>
            levels > 1 ? $"{property.Name}({QueryOptionSet.Expand}={Everything(property.ToEntityType(), [], levels - 1)})" : property.Name));
    }

    private string Item(string item, IEdmNavigationProperty property, int depth)
    {
        if (ExpandText.Inside(item) is not { } inside)
            return item;

        var kept = new List<string>();
        foreach (var option in inside)
        {
            switch (Count(option))
            {
                case null:
                    kept.Add(ExpandText.Option(option) is var (name, text) && name.Equals(QueryOptionSet.Expand, StringComparison.OrdinalIgnoreCase)
                        ? $"{QueryOptionSet.Expand}={Items(text, property.ToEntityType(), depth + 1)}"
                        : option);
                    break;
                case > 1:
                    throw FeedException.BadRequest(
                        ErrorCodes.InvalidOption,
                        $"$levels repeats a navigation property that leads to rows of the same table, and '{property.Name}' leads to another one. Write $expand inside it, or *($levels=…) for all properties.",
                        QueryOptionSet.Expand);
            }
        }

        return kept.Count == 0 ? property.Name : $"{property.Name}({string.Join(';', kept)})";
    }

    /// <summary>What an option asks for: levels, the most for <c>max</c>; null for another option, and for what is no number of levels.</summary>
    private static int? Count(string option) => ExpandText.Option(option) is not var (name, value) || !name.Equals(Levels, StringComparison.OrdinalIgnoreCase)
        ? null
        : value.Equals("max", StringComparison.OrdinalIgnoreCase) ? int.MaxValue
        : value is not ['0', ..] && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var levels) ? levels
        : null;

    private static string Name(string item) => item.Split('(', 2)[0].TrimEnd();
}
