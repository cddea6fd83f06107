namespace CoupaGateway.Sandbox.Access;

/// <summary>What an access token allows, and when.</summary>
internal sealed record AccessToken(IReadOnlySet<string> Scopes, DateTimeOffset NotBefore, DateTimeOffset Expires);
