using System.Text.Json;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers the service root: the list of entity sets.</summary>
internal static class ServiceDocumentResponder
{
    public static async Task RespondAsync(FeedRequest request, CancellationToken cancellationToken)
    {
        request.Query.Allow("the service document", QueryOptionSet.Format);
        var format = request.Json();
        var type = format.ContentType(streaming: false);
        if (Preconditions.IsKnown(request.Http, FeedTags.OfDocument(request, type)) || Preconditions.IsAnyKnown(request.Http))
            return;

        var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body, FeedJson.Writer))
        {
            json.WriteStartObject();
            if (format.Metadata != MetadataLevel.None)
                json.WriteString(format.Prefix + "context", request.ContextUrl);
            json.WriteStartArray("value");
            foreach (var set in request.Model.Edm.EntityContainer.EntitySets())
            {
                json.WriteStartObject();
                json.WriteString("name", set.Name);
                json.WriteString("kind", "EntitySet");
                json.WriteString("url", set.Name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        request.Http.Response.ContentType = type;
        request.Http.Response.ContentLength = body.Length;
        if (!request.IsHead)
            await request.Http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), cancellationToken);
    }
}
