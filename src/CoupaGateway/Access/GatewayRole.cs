using System.Text.Json.Serialization;
using CoupaGateway.Rest;

namespace CoupaGateway.Access;

/// <summary>What a caller may do. Each role includes the ones before it.</summary>
[JsonConverter(typeof(EnumNames<GatewayRole>))]
internal enum GatewayRole
{
    /// <summary>Reads feeds.</summary>
    Reader,

    /// <summary>Also sees and starts syncs, tests connections, changes metadata.</summary>
    Operator,

    /// <summary>Also changes connections and keys.</summary>
    Admin,
}
