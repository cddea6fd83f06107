using CoupaGateway.Rest;

namespace CoupaGateway.Commands;

/// <summary>A connection that was tested.</summary>
/// <param name="State">The worst of all steps.</param>
/// <param name="Problems">Steps that failed, or have a warning.</param>
internal sealed record CheckedConnection(string Name, ConnectionTestState State, IReadOnlyList<ConnectionTestStep> Problems);
