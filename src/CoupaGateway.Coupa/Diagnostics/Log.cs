using CoupaGateway.Coupa.Failures;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Diagnostics;

/// <summary>Events 1000–1999. Nothing here takes a query, a body, a token or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Token for {Host} renewed, to be renewed again in {RenewIn}")]
    public static partial void TokenRenewed(ILogger logger, string host, TimeSpan renewIn);

    [LoggerMessage(1001, LogLevel.Warning, "Token for {Host} could not be renewed ahead of its expiry ({Failure}); the old one stays in use")]
    public static partial void TokenRenewalFailed(ILogger logger, string host, CoupaFailure failure);

    [LoggerMessage(1002, LogLevel.Information, "{Host} does not accept its new token yet; waiting {Pause}")]
    public static partial void TokenNotActiveYet(ILogger logger, string host, TimeSpan pause);

    [LoggerMessage(1003, LogLevel.Warning, "{Host} no longer accepts its token; asking for a new one")]
    public static partial void TokenNoLongerAccepted(ILogger logger, string host);

    [LoggerMessage(1010, LogLevel.Warning, "Attempt {Attempt} at {Host} {Path} failed ({Failure}, status {Status}); next in {Delay}")]
    public static partial void AttemptFailed(ILogger logger, int attempt, string host, string path, CoupaFailure failure, int status, TimeSpan delay);

    [LoggerMessage(1011, LogLevel.Warning, "{Host} is in trouble: no requests for {BreakDuration}")]
    public static partial void CircuitOpened(ILogger logger, string host, TimeSpan breakDuration);

    [LoggerMessage(1012, LogLevel.Information, "{Host} answers again")]
    public static partial void CircuitClosed(ILogger logger, string host);

    [LoggerMessage(1020, LogLevel.Warning, "The projection of {Resource} makes the URL longer than {MaxLength} characters and is left out")]
    public static partial void ProjectionDropped(ILogger logger, string resource, int maxLength);

    [LoggerMessage(1021, LogLevel.Warning, "Ids of {Resource} repeat within a page; if they name different records, read it with IdsMayRepeat")]
    public static partial void IdsRepeat(ILogger logger, string resource);

    [LoggerMessage(1030, LogLevel.Error, "The step {Step} of a connection test failed")]
    public static partial void TestStepFailed(ILogger logger, string step, Exception exception);
}
