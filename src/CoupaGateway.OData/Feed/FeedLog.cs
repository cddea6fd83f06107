using Microsoft.Extensions.Logging;

namespace CoupaGateway.OData.Feed;

/// <summary>What the feeds log (event ids 4000 to 4999).</summary>
internal static partial class FeedLog
{
    /// <param name="target">Connection and table, no more of the address: keys and filter values can be personal.</param>
    [LoggerMessage(4000, LogLevel.Error, "A request to {Target} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string target);

    [LoggerMessage(4001, LogLevel.Warning, "A chunk of {Table} could not be kept for lookups by key, which go on as queries")]
    public static partial void LookupsStaySlow(this ILogger logger, Exception exception, string table);

    [LoggerMessage(4002, LogLevel.Error, "A chunk of {Table} could not be read for a page")]
    public static partial void PageNotRead(this ILogger logger, Exception exception, string table);
}
