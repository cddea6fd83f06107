using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Feed;

/// <summary>Every caller sees everything.</summary>
internal sealed class OpenFeedAccess : IFeedAccess
{
    public FeedView View(HttpContext context, string connection, SchemaRevision schema) => new(schema);

    public bool TryAdmit(HttpContext context, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return true;
    }
}
