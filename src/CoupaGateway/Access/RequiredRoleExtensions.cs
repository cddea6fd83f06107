namespace CoupaGateway.Access;

internal static class RequiredRoleExtensions
{
    /// <summary>States the least role that may call the endpoints. Later calls, on a single endpoint, win over those on its group.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoints, GatewayRole role)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiredRole(role));
}
