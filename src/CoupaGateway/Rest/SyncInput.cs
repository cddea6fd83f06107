namespace CoupaGateway.Rest;

/// <summary>What to bring up to date, and how.</summary>
internal sealed record SyncInput
{
    /// <summary>API tables; empty stands for all. Everything nested in them comes along.</summary>
    public string[]? Tables { get; init; }

    /// <summary><c>delta</c> (the default), <c>full</c>, <c>reconcile</c>, or <c>retry</c> for the records of the dead-letter list.</summary>
    public string? Mode { get; init; }

    /// <summary>For a delta: read far back, for changes that Coupa delivered late.</summary>
    public bool LooksBack { get; init; }
}
