namespace CoupaGateway.Access;

/// <summary>What access control logs (event ids 5100 to 5199). Never a key, a token, or what a caller sent.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(5100, LogLevel.Warning, "A login from {Source} failed ({Failures} lately)")]
    public static partial void LoginFailed(ILogger logger, string source, int failures);

    [LoggerMessage(5101, LogLevel.Error, "The stored key {Id} cannot be read and is not accepted")]
    public static partial void KeyUnreadable(ILogger logger, string id);

    [LoggerMessage(5102, LogLevel.Warning, "A key for an administrator was made and printed to the console; replace it by one of your own")]
    public static partial void FirstKeyMade(ILogger logger);

    [LoggerMessage(5103, LogLevel.Warning, "A token was refused: {Reason}")]
    public static partial void TokenRefused(ILogger logger, string reason);

    [LoggerMessage(5104, LogLevel.Error, "The audit log cannot be written to the cache; its events are in this log only")]
    public static partial void AuditNotStored(ILogger logger, Exception exception);

    [LoggerMessage(5105, LogLevel.Error, "The OpenID Connect provider {Authority} does not answer: its tokens cannot be checked")]
    public static partial void ProviderUnavailable(ILogger logger, string authority, Exception exception);
}
