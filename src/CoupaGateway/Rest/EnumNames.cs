using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoupaGateway.Rest;

/// <summary>Writes an enumeration as names in lower case, and reads nothing else.</summary>
internal sealed class EnumNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The names that <see cref="EnumNames{T}"/> writes.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
