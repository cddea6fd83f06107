namespace CoupaGateway.Sync.Loading;

/// <summary>How one attempt to bring an API table up to date has ended.</summary>
internal enum LoadOutcome
{
    /// <summary>Everything is committed.</summary>
    Succeeded,

    Failed,

    /// <summary>Everything is read, and is committed together with other tables that are not read yet. See <see cref="KeySwitch"/>.</summary>
    Held,
}
