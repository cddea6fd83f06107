namespace CoupaGateway.Monitoring;

/// <summary>Events 5300 to 5399.</summary>
internal static partial class MonitoringLog
{
    [LoggerMessage(5300, LogLevel.Information, "Metrics for operators at {Address}metrics")]
    public static partial void ManagementStarted(ILogger logger, Uri address);
}
