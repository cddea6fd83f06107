using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Feed;

/// <summary>Tells what a caller may see of a connection. The host implements it; without one, every caller sees everything.</summary>
public interface IFeedAccess
{
    /// <summary>
    /// What the caller of a request sees, or null when there is no such connection for that caller. What the view's schema lacks does not exist for
    /// the request, wherever it is named. Equal views should be one <see cref="SchemaRevision"/>: the EDM is made once for each.
    /// </summary>
    FeedView? View(HttpContext context, string connection, SchemaRevision schema);

    /// <summary>Counts one more request of the caller, who has sent several at once in a batch.</summary>
    /// <param name="retryAfter">When to come again, if refused.</param>
    /// <returns>False when the caller has used up what it may.</returns>
    bool TryAdmit(HttpContext context, out TimeSpan retryAfter);
}
