using CoupaGateway.Access.Limits;
using CoupaGateway.OData.Feed;
using CoupaGateway.Schema;

namespace CoupaGateway.Access.Grants;

/// <summary>Shows each caller the granted part of a feed.</summary>
internal sealed class GrantedFeeds(CallerLimiter limiter) : IFeedAccess
{
    public FeedView? View(HttpContext context, string connection, SchemaRevision schema)
    {
        var caller = Caller.Of(context);
        var granted = caller.Grants is { } grants ? grants.Narrow(connection, schema) : schema;
        return granted is null ? null : new FeedView(granted, caller.Limits?.RowsPerPage);
    }

    public bool TryAdmit(HttpContext context, out TimeSpan retryAfter) => limiter.TryCount(Caller.Of(context), out retryAfter);
}
