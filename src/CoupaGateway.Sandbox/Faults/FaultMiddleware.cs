using System.Text;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Faults;

/// <summary>Lets a waiting fault take the place of an answer, or spoils the answer.</summary>
internal sealed class FaultMiddleware(FaultBox faults)
{
    private const string LoginPage = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var fault = faults.Take(context.Request.Path.Value!);
        var response = context.Response;
        if (fault?.RetryAfter is { } retryAfter)
            response.Headers.RetryAfter = retryAfter;
        switch (fault?.Kind)
        {
            case null:
                await next(context);
                break;
            case FaultKind.Status:
                response.StatusCode = fault.Status ?? StatusCodes.Status503ServiceUnavailable;
                if (fault.Body is not null)
                    await response.WriteAsync(fault.Body, context.RequestAborted);
                break;
            case FaultKind.Delay:
                await Task.Delay(fault.DelayMilliseconds, context.RequestAborted);
                await next(context);
                break;
            case FaultKind.Drop:
                context.Abort();
                break;
            case FaultKind.Html:
                response.ContentType = "text/html; charset=utf-8";
                await response.WriteAsync(fault.Body ?? LoginPage, context.RequestAborted);
                break;
            case FaultKind.Redirect:
                response.StatusCode = fault.Status ?? StatusCodes.Status302Found;
                response.Headers.Location = fault.Location ?? "/sessions/new";
                break;
            case FaultKind.GzipBomb:
                await FaultBodies.GzipBombAsync(response, context.RequestAborted);
                break;
            case FaultKind.Deep:
                await FaultBodies.DeepAsync(response, context.RequestAborted);
                break;
            default:
                await SpoilAsync(context, next, fault);
                break;
        }
    }

    private static async Task SpoilAsync(HttpContext context, RequestDelegate next, Fault fault)
    {
        var response = context.Response;
        var original = response.Body;
        using var memory = new MemoryStream();
        response.Body = memory;
        await next(context);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
        response.Body = original;
        var body = memory.ToArray();
        var stop = context.RequestAborted;
        switch (fault.Kind)
        {
            case FaultKind.Malformed:
                await original.WriteAsync(Malform(body, context.Request.Path.Value!, fault), stop);
                break;
            case FaultKind.Cut:
                await original.WriteAsync(body.AsMemory(0, body.Length / 2), stop);
                await original.FlushAsync(stop);
                context.Abort();
                break;
            case FaultKind.Drip:
                for (var at = 0; at < body.Length; at += 64)
                {
                    await original.WriteAsync(body.AsMemory(at, Math.Min(64, body.Length - at)), stop);
                    await original.FlushAsync(stop);
                    await Task.Delay(Math.Max(1, fault.DelayMilliseconds), stop);
                }

                break;
            case FaultKind.Huge:
                await FaultBodies.HugeAsync(response, body, stop);
                break;
            default:
                await FaultBodies.EndlessAsync(original, body, stop);
                break;
        }
    }

    private static byte[] Malform(byte[] body, string path, Fault fault)
    {
        if (JsonNode.Parse(body) is not JsonArray page)
            return body;
        foreach (var record in page.OfType<JsonObject>())
        {
            if (fault.Field is { } field)
            {
                record[field] = fault.Value is null ? "not a value" : JsonNode.Parse(fault.Value);
                continue;
            }

            var name = path.Split('/', StringSplitOptions.RemoveEmptyEntries)[^1];
            if (ApiCatalog.Instance.Resources.TryGetValue(name, out var resource))
                Malform(record, resource.Class);
            break;
        }

        return Encoding.UTF8.GetBytes(page.ToJsonString());
    }

    private static void Malform(JsonObject record, ApiClass cls)
    {
        foreach (var kind in cls.Fields.Where(f => f.Name != "id" && record.ContainsKey(f.Name)).GroupBy(f => f.Kind))
        {
            record[kind.First().Name] = kind.Key switch
            {
                FieldKind.Integer => "seven",
                FieldKind.Decimal => "123456789012345678901234567890123456789.123456789",
                FieldKind.DateTime or FieldKind.Date => "31st of never",
                FieldKind.Boolean => "perhaps",
                FieldKind.String => new JsonObject { ["wrong"] = "type" },
                FieldKind.Array => "not an array",
                _ => 17,
            };
        }
    }
}
