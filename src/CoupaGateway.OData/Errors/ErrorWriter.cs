using System.Globalization;
using System.Text.Json;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Errors;

/// <summary>Writes OData error bodies (OData JSON Format 4.01, section 21.1).</summary>
internal static class ErrorWriter
{
    public static async Task WriteAsync(HttpContext context, FeedException error, FeedOptions options)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = error.Status;
        response.ContentType = Plain(context).ContentType(streaming: false);
        FeedHeaders.Add(response);
        response.Headers.CacheControl = "no-store";
        if (error.Retry)
            response.Headers.RetryAfter = Math.Ceiling((error.RetryAfter ?? options.RetryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (error.Allow is not null)
            response.Headers[HeaderNames.Allow] = error.Allow;

        var body = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(body, FeedJson.Writer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("code", error.Code);
            writer.WriteString("message", error.Message);
            if (error.Target is not null)
                writer.WriteString("target", error.Target);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private static ResponseFormat Plain(HttpContext context) =>
        new(MetadataLevel.Minimal, Ieee754Compatible: false) { Version = ProtocolVersion.Of(context.Request) };
}
