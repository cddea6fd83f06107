using System.Collections.Immutable;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Metadata;

namespace CoupaGateway.Connections.Testing;

/// <summary>The context of a test as the host's own steps need it.</summary>
internal sealed class TestedConnection : ConnectionTestContext
{
    public required string Name { get; init; }

    /// <summary>What the connection's settings and custom metadata make of its tables.</summary>
    public required ConnectionSchema Schema { get; init; }

    /// <summary>The API tables that the custom metadata is about.</summary>
    public required ImmutableArray<string> CustomTables { get; init; }
}
