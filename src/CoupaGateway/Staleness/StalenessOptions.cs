namespace CoupaGateway.Staleness;

/// <summary>How old tables may be.</summary>
internal sealed class StalenessOptions
{
    public const string Section = "Staleness";

    /// <summary>A table older than this makes the gateway's readiness <c>degraded</c>. The default is 1 day.</summary>
    [TimeSpanRange("00:01:00", "365.00:00:00")]
    public TimeSpan Threshold { get; set; } = TimeSpan.FromDays(1);
}
