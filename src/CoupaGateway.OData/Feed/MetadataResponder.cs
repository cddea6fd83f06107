using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers <c>$metadata</c> from bytes that were made once per schema.</summary>
internal static class MetadataResponder
{
    public static async Task RespondAsync(FeedRequest request, CancellationToken cancellationToken)
    {
        request.Query.Allow("$metadata", QueryOptionSet.Format);
        var asJson = FormatNegotiator.MetadataAsJson(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        var document = asJson ? request.Model.Json : request.Model.Xml;
        var response = request.Http.Response;
        response.Headers.ETag = document.ETag;
        if (Matches(request.Http.Request, document.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asJson ? "application/json" : "application/xml";
        response.ContentLength = document.Content.Length;
        if (!request.IsHead)
            await response.Body.WriteAsync(document.Content, cancellationToken);
    }

    private static bool Matches(HttpRequest request, string etag)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch.ToArray()!, out var tags))
            return false;

        var own = new EntityTagHeaderValue(etag);
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));
    }
}
