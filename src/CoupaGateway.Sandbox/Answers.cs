using System.Text.Json;

namespace CoupaGateway.Sandbox;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    /// <summary>An error as Coupa words it: <c>{"errors":{"object":["message"]}}</c>.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string subject, string message) => JsonAsync(context, status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("errors"u8);
        writer.WriteStartArray(subject);
        writer.WriteStringValue(message);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public static async Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
            write(writer);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
