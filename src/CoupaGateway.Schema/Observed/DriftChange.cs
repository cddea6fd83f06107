using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Observed;

/// <summary>What became of a key.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftChange>))]
public enum DriftChange
{
    /// <summary>Records have it for the first time, or again.</summary>
    [JsonStringEnumMemberName("came")]
    Came,

    /// <summary>No record of a full load had it any more.</summary>
    [JsonStringEnumMemberName("went")]
    Went,

    /// <summary>It needs a wider type.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,
}
