using System.Text.Json.Serialization;
using CoupaGateway.Rest;

namespace CoupaGateway.Drift;

/// <summary>What becomes of a key.</summary>
[JsonConverter(typeof(EnumNames<DriftState>))]
internal enum DriftState
{
    Column,
    Ignored,
    Failing,
    Nested,
}
