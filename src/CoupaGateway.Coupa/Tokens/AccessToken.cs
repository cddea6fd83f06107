namespace CoupaGateway.Coupa.Tokens;

/// <summary>A bearer token and its times.</summary>
internal sealed class AccessToken(string value, DateTimeOffset mintedAt, DateTimeOffset renewAt, DateTimeOffset expiresAt)
{
    /// <summary>Never logged; a class and not a record, so that nothing prints it.</summary>
    public string Value { get; } = value;

    public DateTimeOffset MintedAt { get; } = mintedAt;

    public DateTimeOffset RenewAt { get; } = renewAt;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public AccessToken RenewLater(DateTimeOffset renewAt) => new(Value, MintedAt, renewAt, ExpiresAt);
}
