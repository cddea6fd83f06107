namespace CoupaGateway.Audit;

/// <summary>The audit log's events (event ids 5200 to 5299).</summary>
internal static partial class AuditEvents
{
    [LoggerMessage(5200, LogLevel.Information, "{Who}: {What} of {Connection}, answered with {Status}, from {Source}")]
    public static partial void Done(ILogger logger, string who, string what, string? connection, int status, string? source);

    [LoggerMessage(5201, LogLevel.Information, "{Who}: {What} of {Connection}")]
    public static partial void Read(ILogger logger, string who, string what, string connection);
}
