using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers <c>$metadata</c> from bytes that were made once per schema.</summary>
internal static class MetadataResponder
{
    public static async Task RespondAsync(FeedRequest request, CancellationToken cancellationToken)
    {
        request.Query.Allow("$metadata", QueryOptionSet.Format);
        var asJson = FormatNegotiator.MetadataAsJson(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        var document = asJson ? request.Model.Json : request.Model.Xml;
        var type = asJson ? "application/json" : "application/xml";
        if (Preconditions.IsKnown(request.Http, FeedTags.OfDocument(request, type)) || Preconditions.IsAnyKnown(request.Http))
            return;

        var response = request.Http.Response;
        response.ContentType = type;
        response.ContentLength = document.Length;
        if (!request.IsHead)
            await response.Body.WriteAsync(document, cancellationToken);
    }
}
