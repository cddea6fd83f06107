using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoupaGateway.Sync.Runs;

/// <summary>Jobs, runs and dead letters as the JSON documents that Redis holds.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SyncJob))]
[JsonSerializable(typeof(SyncRun))]
[JsonSerializable(typeof(TableRun))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class RunJson : JsonSerializerContext
{
    public static string Write(SyncJob job) => JsonSerializer.Serialize(job, Default.SyncJob);

    public static string Write(SyncRun run) => JsonSerializer.Serialize(run, Default.SyncRun);

    public static string Write(TableRun run) => JsonSerializer.Serialize(run, Default.TableRun);

    public static string Write(DeadLetter letter) => JsonSerializer.Serialize(letter, Default.DeadLetter);

    /// <summary>Null for what is something else, such as a newer gateway's: it is left alone.</summary>
    public static T? Read<T>(string? json)
        where T : class
    {
        try
        {
            return json is null ? null : (T?)JsonSerializer.Deserialize(json, typeof(T), Default);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
