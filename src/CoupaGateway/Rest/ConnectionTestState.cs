using System.Text.Json.Serialization;
using CoupaGateway.Coupa.Testing;

namespace CoupaGateway.Rest;

/// <summary>How a step of a connection test ended, as the REST API spells it.</summary>
[JsonConverter(typeof(EnumNames<ConnectionTestState>))]
internal enum ConnectionTestState
{
    Ok = TestState.Ok,
    Warning = TestState.Warning,
    Failed = TestState.Failed,
    Skipped = TestState.Skipped,
}
