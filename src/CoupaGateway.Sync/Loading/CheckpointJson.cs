using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoupaGateway.Sync.Loading;

/// <summary>A checkpoint as the JSON document that Redis holds.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RunCheckpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext
{
    public static string Write(RunCheckpoint checkpoint) => JsonSerializer.Serialize(checkpoint, Default.RunCheckpoint);

    /// <summary>Null when the document is something else, such as a newer gateway's: the run starts anew.</summary>
    public static RunCheckpoint? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.RunCheckpoint);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
