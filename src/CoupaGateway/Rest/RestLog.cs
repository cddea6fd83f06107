namespace CoupaGateway.Rest;

/// <summary>What the REST API logs (event ids 5000 to 5099).</summary>
internal static partial class RestLog
{
    [LoggerMessage(5000, LogLevel.Error, "{Endpoint} failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(5001, LogLevel.Warning, "{Endpoint} could not be answered: the cache server does not answer ({Failure})")]
    public static partial void CacheAway(ILogger logger, string endpoint, string failure);
}
