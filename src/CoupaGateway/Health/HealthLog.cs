namespace CoupaGateway.Health;

/// <summary>Events 5510 to 5519.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(5510, LogLevel.Information, "Asked to end: not ready from now on; requests are taken on for {Delay}")]
    public static partial void Draining(ILogger logger, TimeSpan delay);

    [LoggerMessage(5511, LogLevel.Warning, "This machine's clock was put {Direction} by {By}, or the machine slept: it says {Now:u} now. Loads go on, by the clocks of the instances where this one differs from them")]
    public static partial void ClockSet(ILogger logger, string direction, TimeSpan by, DateTimeOffset now);
}
