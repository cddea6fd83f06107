using System.Text.Json.Serialization;
using CoupaGateway.Rest;

namespace CoupaGateway.Connections;

/// <summary>Where a connection was written down.</summary>
[JsonConverter(typeof(EnumNames<ConnectionOrigin>))]
internal enum ConnectionOrigin
{
    /// <summary>In the configuration: changed there, not by REST.</summary>
    Configuration,

    /// <summary>In the cache, by REST.</summary>
    Stored,
}
