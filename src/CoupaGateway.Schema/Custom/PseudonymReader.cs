using System.Collections.Immutable;
using System.Text.Json;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Custom;

/// <summary>
/// Reads <c>pseudonymize</c>: at a column an algorithm, <c>true</c>, <c>false</c> or an object; at a resource an object with one of these for each column or pattern.
/// </summary>
internal static class PseudonymReader
{
    private const int LongestTruncation = 100;
    private const int LongestDomain = 100;

    public static ImmutableArray<CustomPseudonym> ReadAll(Members resource, FindingList findings)
    {
        if (!resource.TryTake(out var value, out var pointer, "pseudonymize"))
            return [];
        if (value.ValueKind == JsonValueKind.Object)
            return [.. value.EnumerateObject().Select(member => Read(member.Name, member.Value, Members.Child(pointer, member.Name), findings)).OfType<CustomPseudonym>()];

        findings.Error(pointer, MetadataCodes.WrongType, "An object is expected here.", """Write {"**_email":"hmac-sha-256","notes":"redact"}.""");
        return [];
    }

    public static CustomPseudonym? Read(string column, JsonElement value, string pointer, FindingList findings)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return new CustomPseudonym(pointer, column, null, null, null);
            case JsonValueKind.False:
                return new CustomPseudonym(pointer, column, PseudonymAlgorithm.Keep, null, null);
            case JsonValueKind.String:
                return Create(column, pointer, value.GetString(), null, null, findings);
            case JsonValueKind.Object:
                var members = new Members(value, pointer, findings);
                var algorithm = members.TakeText("algorithm");
                var domain = members.TakeText("domain");
                int? length = null;
                if (members.TryTake(out var number, out var place, "length"))
                {
                    length = number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var given) ? given : 0;
                    if (length is < 1 or > LongestTruncation)
                        findings.Error(place, MetadataCodes.BadPseudonym, "This is no length.", $"Give 1 to {LongestTruncation}.");
                }

                members.Finish("algorithm, domain and length");
                return Create(column, pointer, algorithm, domain, length, findings);
            default:
                return Bad("This is no pseudonymization.");
        }

        CustomPseudonym? Bad(string message)
        {
            findings.Error(pointer, MetadataCodes.BadPseudonym, message, $$"""Give one of {{string.Join(", ", PseudonymAlgorithms.Names)}}, or {"algorithm":"…","domain":"…"}.""");
            return null;
        }
    }

    private static CustomPseudonym? Create(string column, string pointer, string? name, string? domain, int? length, FindingList findings)
    {
        PseudonymAlgorithm? algorithm = null;
        if (name is not null)
        {
            if (!PseudonymAlgorithms.TryParse(name, out var parsed))
            {
                findings.Error(pointer, MetadataCodes.BadPseudonym, $"'{JsonNames.Shown(name)}' is no algorithm.", $"Give one of {string.Join(", ", PseudonymAlgorithms.Names)}.");
                return null;
            }

            algorithm = parsed;
        }

        if ((algorithm == PseudonymAlgorithm.Truncate) != (length is not null))
        {
            findings.Error(pointer, MetadataCodes.BadPseudonym, "truncate needs a length, the others have none.", """Write {"algorithm":"truncate","length":3}.""");
            return null;
        }

        if (domain is not null && (domain.Length > LongestDomain || domain.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-'))))
        {
            findings.Error(pointer, MetadataCodes.BadPseudonym, "This is no domain.", $"Give 1 to {LongestDomain} letters, digits, dots and hyphens, such as user.email.");
            return null;
        }

        return new CustomPseudonym(pointer, column, algorithm, domain, length);
    }
}
