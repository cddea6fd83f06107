using System.Text.Json;

namespace CoupaGateway.Schema.Custom;

/// <summary>
/// The members of a JSON object, found whatever the case of their keys and with hyphens, underscores and blanks left out:
/// <c>displayName</c>, <c>display_name</c> and <c>Display-Name</c> are one.
/// </summary>
internal sealed class Members
{
    private readonly Dictionary<string, (string Key, JsonElement Value)> _members = new(StringComparer.Ordinal);
    private readonly FindingList _findings;

    public Members(JsonElement element, string pointer, FindingList findings)
    {
        (Pointer, _findings) = (pointer, findings);
        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(Normalize(member.Name), (member.Name, member.Value)))
            {
                findings.Error(
                    Child(pointer, member.Name), MetadataCodes.KeyTwice, $"The key '{JsonNames.Shown(member.Name)}' is there twice; case, hyphens and underscores make no difference.", "Leave one of them.");
            }
        }
    }

    public string Pointer { get; }

    /// <summary>A JSON pointer one level deeper (RFC 6901, section 4).</summary>
    public static string Child(string pointer, string key) =>
        $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>Takes a member by one of its names. One that is null counts as absent.</summary>
    public bool TryTake(out JsonElement value, out string pointer, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_members.Remove(Normalize(name), out var member) && member.Value.ValueKind != JsonValueKind.Null)
            {
                (value, pointer) = (member.Value, Child(Pointer, member.Key));
                return true;
            }
        }

        (value, pointer) = (default, Pointer);
        return false;
    }

    /// <summary>A text that is not blank; anything else is an error.</summary>
    public string? TakeText(params ReadOnlySpan<string> names)
    {
        if (!TryTake(out var value, out var pointer, names))
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
            return text.Trim();

        _findings.Error(pointer, MetadataCodes.WrongType, "A text is expected here.", "Put it into quotes.");
        return null;
    }

    /// <summary>The elements of an array, each with its pointer; what is no array is an error.</summary>
    public List<(JsonElement Value, string Pointer)> TakeArray(params ReadOnlySpan<string> names)
    {
        if (!TryTake(out var value, out var pointer, names))
            return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            _findings.Error(pointer, MetadataCodes.WrongType, "An array is expected here.", "Put it into brackets.");
            return [];
        }

        return [.. value.EnumerateArray().Select((element, index) => (element, $"{pointer}/{index}"))];
    }

    /// <summary>Tells of the keys that nobody took.</summary>
    /// <param name="known">The keys there are, for the remedy.</param>
    public void Finish(string known)
    {
        foreach (var (key, _) in _members.Values)
            _findings.Warn(Child(Pointer, key), MetadataCodes.UnknownKey, $"The key '{JsonNames.Shown(key)}' means nothing here and is ignored.", $"Known are {known}.");
    }

    private static string Normalize(string key) => string.Concat(key.Where(static letter => letter is not ('-' or '_' or ' '))).ToLowerInvariant();
}
