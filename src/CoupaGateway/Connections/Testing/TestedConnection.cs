using CoupaGateway.Coupa.Testing;

namespace CoupaGateway.Connections.Testing;

/// <summary>The context of a test as the host's own steps need it.</summary>
internal sealed class TestedConnection : ConnectionTestContext
{
    public required string Name { get; init; }

    public required ConnectionOptions Options { get; init; }
}
