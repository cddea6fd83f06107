using System.Text.Encodings.Web;
using System.Text.Json;
using CoupaGateway.OData.Feed;

namespace CoupaGateway.OData.OpenApi;

/// <summary>Answers <c>$openapi</c>: the feed as the caller sees it, as an OpenAPI document.</summary>
internal static class OpenApiResponder
{
    /// <summary>Path below the service root. No table has it: names do not begin with a dollar sign.</summary>
    public const string Path = "$openapi";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task RespondAsync(FeedRequest request, CancellationToken cancellationToken)
    {
        request.Query.Allow("the OpenAPI document");
        if (Preconditions.IsKnown(request.Http, FeedTags.OfDocument(request, "application/json")) || Preconditions.IsAnyKnown(request.Http))
            return;

        var document = FeedOpenApi.Describe(request.Model, request.Connection, new Uri(request.Root).AbsolutePath);
        var body = JsonSerializer.SerializeToUtf8Bytes(document, Json);
        request.Http.Response.ContentType = "application/json";
        request.Http.Response.ContentLength = body.Length;
        if (!request.IsHead)
            await request.Http.Response.Body.WriteAsync(body, cancellationToken);
    }
}
