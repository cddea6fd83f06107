using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CoupaGateway.Sandbox.Faults;

namespace CoupaGateway.Sandbox.Control;

/// <summary>
/// <see cref="SandboxControl"/> over HTTP, under <c>/_sandbox/</c>; open, because the sandbox listens on loopback only.
/// </summary>
/// <remarks>
/// <code>
/// GET    /_sandbox/stats                                 DELETE /_sandbox/stats
/// GET    /_sandbox/settings                              PATCH  /_sandbox/settings
/// POST   /_sandbox/faults                                DELETE /_sandbox/faults
/// GET    /_sandbox/truth/{table}                         GET    /_sandbox/ids/{resource}
/// GET    /_sandbox/rows/{table}?from={id}&amp;to={id}         (rows of the records with these ids; ?ids=1,2 names them)
/// POST   /_sandbox/records/{resource}?like={id}
/// PATCH  /_sandbox/records/{resource}/{id}?touch=false   DELETE /_sandbox/records/{resource}/{id}
/// POST   /_sandbox/records/{resource}/{id}/{field}
/// PATCH  /_sandbox/records/{resource}/{id}/{field}/{child}  DELETE the same
/// DELETE /_sandbox/records                               (all changes)
/// POST   /_sandbox/clock    {"advanceSeconds":n}
/// POST   /_sandbox/custom-fields  {"resource":"invoices","name":"x","type":"string","atRoot":false}
/// DELETE /_sandbox/custom-fields/invoices/x
/// DELETE /_sandbox/tokens
/// </code>
/// </remarks>
internal static class ControlEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Answers a control request.</summary>
    public static async Task HandleAsync(HttpContext context, SandboxControl control)
    {
        try
        {
            // A body may come without a length.
            using var reader = new StreamReader(context.Request.Body);
            var text = await reader.ReadToEndAsync(context.RequestAborted);
            var body = text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
            var answer = Handle(context.Request, body, control);
            if (answer is null)
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync((answer ?? Message("no such control")).ToJsonString(), context.RequestAborted);
        }
        catch (KeyNotFoundException e)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync(Message(e.Message).ToJsonString(), context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(Message(e.Message).ToJsonString(), context.RequestAborted);
        }
    }

    private static JsonObject Message(string error) => new() { ["error"] = error };

    private static JsonNode? Handle(HttpRequest request, JsonObject body, SandboxControl control)
    {
        var touch = request.Query["touch"] != "false";
        switch (request.Method, request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..])
        {
            case ("GET", ["stats"]): return Stats(control);
            case ("DELETE", ["stats"]): return Done(control.ClearCounters);
            case ("GET", ["settings"]): return Settings(control);
            case ("PATCH", ["settings"]):
                Apply(body, control);
                return Settings(control);
            case ("POST", ["faults"]):
                return Done(() => control.AddFault(body.Deserialize<Fault>(Json) ?? throw new FormatException("A fault is missing.")));
            case ("DELETE", ["faults"]): return Done(control.ClearFaults);
            case ("GET", ["truth", var table]): return new JsonObject { ["table"] = table, ["rows"] = control.CountRows(table) };
            case ("GET", ["rows", var table]): return Rows(request, table, control);
            case ("GET", ["ids", var resource]): return new JsonArray([.. control.Ids(resource).Select(id => (JsonNode)id)]);
            case ("POST", ["records", var resource]):
                return Id(control.Create(resource, body, request.Query["like"].ToString() is { Length: > 0 } like ? long.Parse(like) : null));
            case ("DELETE", ["records"]): return Done(control.ClearChanges);
            case ("PATCH", ["records", var resource, var id]): return Done(() => control.Update(resource, long.Parse(id), body, touch));
            case ("DELETE", ["records", var resource, var id]): return Done(() => control.Delete(resource, long.Parse(id)));
            case ("POST", ["records", var resource, var id, var field]): return Id(control.AddChild(resource, long.Parse(id), field, body, touch));
            case ("PATCH", ["records", var resource, var id, var field, var child]):
                return Done(() => control.UpdateChild(resource, long.Parse(id), field, long.Parse(child), body, touch));
            case ("DELETE", ["records", var resource, var id, var field, var child]):
                return Done(() => control.DeleteChild(resource, long.Parse(id), field, long.Parse(child), touch));
            case ("POST", ["clock"]):
                control.Advance(TimeSpan.FromSeconds((double?)body["advanceSeconds"] ?? 0));
                return new JsonObject { ["now"] = control.Now };
            case ("POST", ["custom-fields"]):
                return Done(() => control.AddCustomField(
                    (string?)body["resource"] ?? "", (string?)body["name"] ?? "", (string?)body["type"] ?? "", (bool?)body["atRoot"] ?? false));
            case ("DELETE", ["custom-fields", var resource, var name]): return Done(() => control.RemoveCustomField(resource, name));
            case ("DELETE", ["tokens"]): return Done(control.RevokeTokens);
            default: return null;
        }
    }

    private static JsonObject Done(Action action)
    {
        action();
        return new JsonObject { ["done"] = true };
    }

    private static JsonNode Rows(HttpRequest request, string table, SandboxControl control)
    {
        var rows = request.Query["ids"].ToString() is { Length: > 0 } ids
            ? ids.Split(',').Select(long.Parse).SelectMany(id => control.Rows(table, id, id))
            : control.Rows(table, Number(request, "from") ?? long.MinValue, Number(request, "to") ?? long.MaxValue);
        return new JsonArray([.. rows.Select(row => JsonSerializer.SerializeToNode(row, Json))]);
    }

    private static long? Number(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? long.Parse(text) : null;

    private static JsonObject Id(long id) => new() { ["id"] = id };

    private static JsonObject Stats(SandboxControl control) => new()
    {
        ["peakPerSecond"] = control.PeakRequestsPerSecond,
        ["requests"] = new JsonArray(
        [
            .. control.Requests.OrderBy(r => r.Key).Select(r => (JsonNode)new JsonObject
            {
                ["path"] = r.Key.Path,
                ["status"] = r.Key.Status,
                ["count"] = r.Value,
            }),
        ]),
        ["unknownFields"] = new JsonArray([.. control.UnknownFields.Keys.Order(StringComparer.Ordinal).Select(n => (JsonNode)n)]),
    };

    private static JsonObject Settings(SandboxControl control) => new()
    {
        ["rate"] = control.Rate,
        ["burst"] = control.Burst,
        ["sendRetryAfter"] = control.SendRetryAfter,
        ["pageDelayMilliseconds"] = control.PageDelay.TotalMilliseconds,
        ["tokenLifetimeSeconds"] = control.TokenLifetime.TotalSeconds,
        ["tokenWarmUpSeconds"] = control.TokenWarmUp.TotalSeconds,
    };

    private static void Apply(JsonObject body, SandboxControl control)
    {
        control.Rate = (double?)body["rate"] ?? control.Rate;
        control.Burst = (int?)body["burst"] ?? control.Burst;
        control.SendRetryAfter = (bool?)body["sendRetryAfter"] ?? control.SendRetryAfter;
        control.PageDelay = (double?)body["pageDelayMilliseconds"] is { } delay ? TimeSpan.FromMilliseconds(delay) : control.PageDelay;
        control.TokenLifetime = (double?)body["tokenLifetimeSeconds"] is { } life ? TimeSpan.FromSeconds(life) : control.TokenLifetime;
        control.TokenWarmUp = (double?)body["tokenWarmUpSeconds"] is { } warm ? TimeSpan.FromSeconds(warm) : control.TokenWarmUp;
    }
}
