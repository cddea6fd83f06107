using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Custom;

/// <summary>How bad a finding is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetadataSeverity>))]
public enum MetadataSeverity
{
    /// <summary>The document cannot be taken.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>It can be taken, but part of it does not do what was perhaps meant.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Worth knowing.</summary>
    [JsonStringEnumMemberName("information")]
    Information,
}
