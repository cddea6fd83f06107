using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>How the histories decide a field; what they leave open is made up.</summary>
internal sealed record FieldRule
{
    public Func<Node, Scalar>? Scalar { get; init; }

    public Func<Node, Node?>? Object { get; init; }

    public Func<Node, IReadOnlyList<Node>>? Array { get; init; }
}
