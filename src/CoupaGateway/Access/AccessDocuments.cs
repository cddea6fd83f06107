using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoupaGateway.Access;

/// <summary>How keys are written down in the cache.</summary>
internal static class AccessDocuments
{
    /// <summary>Kind of the documents that hold keys.</summary>
    public const string Keys = "keys";

    /// <summary>Kind of the document that remembers that the first key was made.</summary>
    public const string FirstKey = "first-key";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
