namespace CoupaGateway.Health;

/// <summary>Events 5510 to 5519.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(5510, LogLevel.Information, "Asked to end: not ready from now on; requests are taken on for {Delay}")]
    public static partial void Draining(ILogger logger, TimeSpan delay);
}
