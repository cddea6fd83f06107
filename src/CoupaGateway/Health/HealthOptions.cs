namespace CoupaGateway.Health;

/// <summary>When the gateway says that it is not ready.</summary>
internal sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>
    /// How long the cache server may be away before the gateway is no longer ready: until then feeds answer from what is known. Longer than a failover takes. The
    /// default is 30 seconds.
    /// </summary>
    [TimeSpanRange("00:00:00", "01:00:00")]
    public TimeSpan CacheGrace { get; set; } = TimeSpan.FromSeconds(30);
}
