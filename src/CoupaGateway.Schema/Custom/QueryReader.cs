using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CoupaGateway.Schema.Custom;

/// <summary>Reads <c>query</c>: parameters that are sent with every request for a resource.</summary>
internal static partial class QueryReader
{
    /// <summary>Parameters that the gateway sets itself; with another value records would be lost, or changed in Coupa.</summary>
    private static readonly FrozenSet<string> Own = FrozenSet.ToFrozenSet(
        ["limit", "offset", "order_by", "dir", "fields", "return_object", "shallow", "filter", "id", "updated_at", "access_token"], StringComparer.OrdinalIgnoreCase);

    public static ImmutableArray<KeyValuePair<string, string>> Read(Members resource, FindingList findings)
    {
        if (!resource.TryTake(out var value, out var pointer, "query"))
            return [];
        if (value.ValueKind != JsonValueKind.Object)
        {
            findings.Error(pointer, MetadataCodes.WrongType, "An object is expected here.", """Write {"show_deleted_lines":"true"}.""");
            return [];
        }

        var query = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var member in value.EnumerateObject())
        {
            var place = Members.Child(pointer, member.Name);
            if (query.Count == MetadataLimits.QueryParameters)
                findings.Error(place, MetadataCodes.BadQuery, "There are too many parameters.", $"Give {MetadataLimits.QueryParameters} at most.");
            else if (!NamePattern().IsMatch(member.Name))
                findings.Error(place, MetadataCodes.BadQuery, $"'{JsonNames.Shown(member.Name)}' is no name of a parameter.", "Use letters, digits, underscores and brackets, such as status[in].");
            else if (Own.Contains(member.Name.Split('[')[0].Replace('-', '_')))
                findings.Error(place, MetadataCodes.BadQuery, $"The gateway sets '{JsonNames.Shown(member.Name)}' itself: records would be lost otherwise.", "Leave it out.");
            else if (ValueOf(member.Value) is not { } text || text.Length > MetadataLimits.QueryLength || text.Any(char.IsControl))
                findings.Error(place, MetadataCodes.BadQuery, "This is no value of a parameter.", $"Give a text, a number or a truth value of at most {MetadataLimits.QueryLength} characters, without control characters.");
            else
                query.Add(new(member.Name, text));
        }

        return query.ToImmutable();
    }

    private static string? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,99}(\[[A-Za-z0-9_-]{1,100}\]){0,4}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
