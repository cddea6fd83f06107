namespace CoupaGateway.Monitoring;

/// <summary>Events 5500 to 5509.</summary>
internal static partial class MonitoringLog
{
    [LoggerMessage(5500, LogLevel.Information, "Metrics for operators at {Address}metrics")]
    public static partial void ManagementStarted(ILogger logger, Uri address);
}
