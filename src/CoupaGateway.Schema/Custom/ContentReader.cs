using System.Text.Json;

namespace CoupaGateway.Schema.Custom;

/// <summary>Reads resources and what is nested in them.</summary>
internal sealed class ContentReader(FindingList findings)
{
    public CustomResource? ReadResource(JsonElement value, string pointer)
    {
        if (!IsObject(value, pointer, """Write {"displayName":"…","columns":[…]}."""))
            return null;

        var members = new Members(value, pointer, findings);
        var name = members.TakeText("displayName", "name");
        if (name is null)
            findings.Error(pointer, MetadataCodes.Missing, "The resource has no displayName.", "Give the name that the table is to have.");

        var resource = new CustomResource
        {
            Pointer = pointer,
            DisplayName = name ?? "",
            Url = members.TakeText("resource", "url") is { } url ? SourceReader.ReadUrl(url, Members.Child(pointer, "resource"), findings) : null,
            AvailableSince = Release(members),
            Description = members.TakeText("description"),
            Scope = members.TakeText("scope"),
            Query = QueryReader.Read(members, findings),
            Watermark = Watermark(members),
            Exclude = [.. members.TakeArray("exclude").Select(item => Exclusion(item.Value, item.Pointer)).OfType<CustomExclusion>()],
            Pseudonyms = PseudonymReader.ReadAll(members, findings),
            Content = Content(members),
        };
        members.Finish("displayName, resource, availableSince, description, scope, columns, nestedFields, nestedArrays, query, watermark, pseudonymize and exclude");
        return name is null ? null : resource;
    }

    private CustomObject Content(Members members) => new()
    {
        Columns = [.. members.TakeArray("columns").Select(item => Column(item.Value, item.Pointer)).OfType<CustomColumn>()],
        Fields = [.. members.TakeArray("nestedFields").Select(item => Field(item.Value, item.Pointer)).OfType<CustomField>()],
        Arrays = [.. members.TakeArray("nestedArrays").Select(item => Array(item.Value, item.Pointer)).OfType<CustomArray>()],
    };

    private CustomColumn? Column(JsonElement value, string pointer)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Key(value.GetString(), pointer) is { } key ? new CustomColumn { Pointer = pointer, Name = key } : null;
        if (!IsObject(value, pointer, """Write "name" or {"name":"…","type":"…"}."""))
            return null;

        var members = new Members(value, pointer, findings);
        var column = new CustomColumn
        {
            Pointer = pointer,
            Name = Key(members.TakeText("name", "field", "columnName"), pointer) ?? "",
            Type = TypeOf(members),
            IsPrimaryKey = Flag(members, "primaryKey", "isPrimaryKey", "key", "pk"),
            AvailableSince = Release(members),
            Description = members.TakeText("description"),
            Pseudonym = members.TryTake(out var pseudonym, out var place, "pseudonymize") ? PseudonymReader.Read("", pseudonym, place, findings) : null,
        };
        members.Finish("name, type, primaryKey, availableSince, description and pseudonymize");
        return column.Name.Length == 0 ? null : column;
    }

    private CustomField? Field(JsonElement value, string pointer)
    {
        if (!IsObject(value, pointer, """Write {"name":"…","columns":[…]}."""))
            return null;

        var members = new Members(value, pointer, findings);
        var name = Key(members.TakeText("name"), pointer);
        var content = Content(members);
        members.Finish("name, columns, nestedFields and nestedArrays");
        if (name is not null && content.IsEmpty)
            findings.Error(pointer, MetadataCodes.NoColumns, $"Nothing is taken of the object '{JsonNames.Shown(name)}'.", "Name some of its fields in columns.");
        return name is null ? null : new CustomField(pointer, name, content);
    }

    private CustomArray? Array(JsonElement value, string pointer)
    {
        if (!IsObject(value, pointer, """Write {"name":"…","displayName":"…","columns":[…]}."""))
            return null;

        var members = new Members(value, pointer, findings);
        var name = Key(members.TakeText("name"), pointer);
        var array = new CustomArray
        {
            Pointer = pointer,
            Name = name ?? "",
            DisplayName = members.TakeText("displayName"),
            AvailableSince = Release(members),
            Description = members.TakeText("description"),
            Content = Content(members),
        };
        members.Finish("name, displayName, availableSince, description, columns, nestedFields and nestedArrays");
        return name is null ? null : array;
    }

    private bool IsObject(JsonElement value, string pointer, string remedy)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return true;
        findings.Error(pointer, MetadataCodes.WrongType, "An object is expected here.", remedy);
        return false;
    }

    private string? Key(string? name, string pointer)
    {
        if (JsonNames.IsKey(name))
            return name.Trim();
        findings.Error(
            pointer, MetadataCodes.Missing, "There is no name here that a JSON key can have.",
            $"Give in name the key that the API's records have: 1 to {MetadataLimits.NameLength} characters, no control characters.");
        return null;
    }

    private ColumnType? TypeOf(Members members)
    {
        if (!members.TryTake(out var value, out var pointer, "type", "dataType"))
            return null;
        if (value.ValueKind == JsonValueKind.String && MetadataTypes.TryParse(value.GetString()!, out var type))
            return type;
        findings.Error(pointer, MetadataCodes.UnknownType, "This is no type of a column.", $"Give one of {MetadataTypes.Names}.");
        return null;
    }

    private bool Flag(Members members, params ReadOnlySpan<string> names)
    {
        if (!members.TryTake(out var value, out var pointer, names))
            return false;
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.String when bool.TryParse(value.GetString(), out var flag):
                return flag;
            default:
                findings.Error(pointer, MetadataCodes.WrongType, "true or false is expected here.", "Write true or false, without quotes.");
                return false;
        }
    }

    private CoupaRelease? Release(Members members)
    {
        if (!members.TryTake(out var value, out var pointer, "availableSince", "since"))
            return null;
        if (value.ValueKind == JsonValueKind.String && CoupaRelease.TryParse(value.GetString(), out var release))
            return release;
        findings.Error(pointer, MetadataCodes.UnknownRelease, "This is no release.", $"Give {CoupaRelease.Oldest} to {CoupaRelease.Newest}.");
        return null;
    }

    /// <returns>Null when nothing is said, empty for none.</returns>
    private string? Watermark(Members members)
    {
        if (!members.TryTake(out var value, out var pointer, "watermark"))
            return null;
        if (value.ValueKind == JsonValueKind.False || (value.ValueKind == JsonValueKind.String && value.GetString() is { } none && none.Equals("none", StringComparison.OrdinalIgnoreCase)))
            return "";
        if (value.ValueKind == JsonValueKind.String && JsonNames.IsKey(value.GetString()) && value.GetString()!.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
            return value.GetString()!.Trim().Replace('-', '_');
        findings.Error(pointer, MetadataCodes.WrongType, "This is no watermark.", """Name the field that tells when a record changed, such as "updated_at", or write "none".""");
        return null;
    }

    private CustomExclusion? Exclusion(JsonElement value, string pointer)
    {
        if (value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
            return new CustomExclusion(pointer, value.GetString()!.Trim());
        findings.Error(pointer, MetadataCodes.WrongType, "The name of a column or nested table is expected here.", "Put it into quotes.");
        return null;
    }
}
