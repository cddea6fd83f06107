namespace CoupaGateway.Access.Tokens;

/// <summary>The OpenID Connect provider does not say what its tokens are signed with: whether a token is good cannot be told.</summary>
internal sealed class ProviderUnavailableException(Exception cause) : Exception("The OpenID Connect provider does not answer.", cause);
