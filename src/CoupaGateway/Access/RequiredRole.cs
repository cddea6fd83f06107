namespace CoupaGateway.Access;

/// <summary>Endpoint metadata: the least role that may call it.</summary>
internal sealed record RequiredRole(GatewayRole Role);
