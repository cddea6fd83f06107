using System.Text.Json.Serialization;
using CoupaGateway.Rest;

namespace CoupaGateway.Health;

/// <summary>Whether requests should be sent here.</summary>
[JsonConverter(typeof(EnumNames<HealthStatus>))]
internal enum HealthStatus
{
    /// <summary>All is well.</summary>
    Ready,

    /// <summary>It answers, but some tables are old, damaged or not loaded yet.</summary>
    Degraded,

    /// <summary>It starts, ends, or cannot do its work.</summary>
    Unready,
}
