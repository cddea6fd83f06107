namespace CoupaGateway.Coupa.Tokens;

/// <summary>A bearer token and its times, by the monotonic clock: what the machine takes for the time of day says nothing of how old a token is.</summary>
/// <param name="mintedAt">A timestamp of the <see cref="TimeProvider"/>.</param>
/// <param name="renewAfter">Age at which it is renewed.</param>
/// <param name="lifetime">Age at which it ends.</param>
internal sealed class AccessToken(string value, long mintedAt, TimeSpan renewAfter, TimeSpan lifetime)
{
    /// <summary>Never logged; a class and not a record, so that nothing prints it.</summary>
    public string Value { get; } = value;

    public TimeSpan RenewAfter { get; } = renewAfter;

    public TimeSpan Age(TimeProvider time) => time.GetElapsedTime(mintedAt);

    public bool IsFresh(TimeProvider time) => Age(time) < RenewAfter;

    public bool IsExpired(TimeProvider time) => Age(time) >= lifetime;

    /// <summary>The same token, to be renewed so much later than now.</summary>
    public AccessToken RenewIn(TimeSpan pause, TimeProvider time) => new(Value, mintedAt, Age(time) + pause, lifetime);
}
