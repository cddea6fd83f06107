namespace CoupaGateway.Access.Tokens;

/// <summary>What one value of the role claim means.</summary>
internal sealed class OidcRoleOptions
{
    /// <summary>The value in the token: a role or a group.</summary>
    public string Value { get; set; } = "";

    /// <summary>The default is reader.</summary>
    public GatewayRole Role { get; set; } = GatewayRole.Reader;

    /// <summary>The connections that a reader is narrowed to, each as <c>connection</c>, <c>connection/table</c> or <c>connection/table/column</c>; empty for all.</summary>
    public IList<string> Connections { get; set; } = [];
}
