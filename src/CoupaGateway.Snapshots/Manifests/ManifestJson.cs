using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>A manifest as the JSON document that Redis holds.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TableManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    public static byte[] Write(TableManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Default.TableManifest);

    /// <summary>Null when the document is not a manifest: written by a newer gateway, or damaged. Treated as gone.</summary>
    public static TableManifest? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, Default.TableManifest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
