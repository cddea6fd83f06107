using System.Globalization;
using System.Text;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers <c>/$count</c>: a number as plain text.</summary>
internal sealed class CountResponder(CollectionQueryFactory factory, RowCounter counter, FeedTags tags)
{
    public async Task RespondAsync(FeedRequest request, IEdmEntitySet set, CancellationToken cancellationToken)
    {
        request.Query.Allow("/$count", QueryOptionSet.Filter, QueryOptionSet.Format);
        FormatNegotiator.PlainText(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        if (Preconditions.IsKnown(request.Http, tags.OfRows(request, request.Model.TableOf(set.EntityType), "text/plain")))
            return;

        var count = await counter.CountAsync(factory.CreateFilter(request, set), cancellationToken);
        if (Preconditions.IsAnyKnown(request.Http))
            return;

        var body = Encoding.ASCII.GetBytes(count.ToString(CultureInfo.InvariantCulture));
        request.Http.Response.ContentType = "text/plain";
        request.Http.Response.ContentLength = body.Length;
        if (!request.IsHead)
            await request.Http.Response.Body.WriteAsync(body, cancellationToken);
    }
}
