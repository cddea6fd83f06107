using System.Text.Json;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Queries;

namespace CoupaGateway.Sandbox.Access;

/// <summary><c>GET /api/{resource}</c> and <c>GET /api/{resource}/{id}</c>.</summary>
internal sealed class ApiEndpoint(SandboxOptions options, SandboxTenant tenant, TokenStore tokens, RequestBudget budget, SandboxSettings settings)
{
    private const int FlushAbove = 32 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        if (!budget.TryTake(out var wait))
        {
            if (settings.SendRetryAfter)
                context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString();
            await Answers.ErrorAsync(context, StatusCodes.Status429TooManyRequests, "rate", "too many requests");
            return;
        }

        if (settings.PageDelay > TimeSpan.Zero)
            await Task.Delay(settings.PageDelay, context.RequestAborted);
        try
        {
            await AnswerAsync(context);
        }
        catch (BadRequestException e)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, e.Subject, e.Reason);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method))
        {
            context.Response.Headers.Allow = "GET";
            await Answers.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "method", "is not allowed");
            return;
        }

        if (request.Path.Value!.Length + request.QueryString.Value!.Length > options.MaxUrlLength)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status414UriTooLong, "url", "is too long");
            return;
        }

        // XML is the default of Coupa; this tenant speaks JSON only.
        var accept = request.Headers.Accept.ToString();
        if (accept.Length > 0 && !accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("*/*", StringComparison.Ordinal))
        {
            await Answers.ErrorAsync(context, StatusCodes.Status406NotAcceptable, "accept", "only application/json is served");
            return;
        }

        var authorization = request.Headers.Authorization.ToString();
        var scopes = tokens.ScopesOf(authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..] : null);
        if (scopes is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Answers.ErrorAsync(context, StatusCodes.Status401Unauthorized, "token", "is missing, unknown or expired");
            return;
        }

        var segments = request.Path.Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length is < 2 or > 3 || !ApiCatalog.Instance.Resources.TryGetValue(segments[1], out var resource))
        {
            await Answers.ErrorAsync(context, StatusCodes.Status404NotFound, "resource", "does not exist");
            return;
        }

        if (!scopes.Contains(resource.Scope))
        {
            await Answers.ErrorAsync(context, StatusCodes.Status403Forbidden, "scope", $"{resource.Scope} is required");
            return;
        }

        if (segments.Length == 3)
            await OneAsync(context, resource, segments[2]);
        else
            await ListAsync(context, resource);
    }

    private async Task OneAsync(HttpContext context, ApiResource resource, string id)
    {
        var record = long.TryParse(id, out var number) ? tenant.Reader(resource.Name).Find(number) : null;
        if (record is null)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status404NotFound, resource.Name, $"has no record {id}");
            return;
        }

        var projection = tenant.Parser.ProjectionOf(
            resource.Class, (string?)context.Request.Query["fields"], context.Request.Query["return_object"]);
        await Answers.JsonAsync(context, StatusCodes.Status200OK, writer => record.Write(writer, projection));
    }

    private async Task ListAsync(HttpContext context, ApiResource resource)
    {
        var query = tenant.Parser.Parse(resource.Class, context.Request.QueryString.Value);
        var page = tenant.Reader(resource.Name).Read(query);
        context.Response.ContentType = "application/json; charset=utf-8";
        var body = context.Response.BodyWriter;
        await using var writer = new Utf8JsonWriter(body);
        writer.WriteStartArray();
        foreach (var record in page)
        {
            record.Write(writer, query.Projection);
            if (writer.BytesPending + (body.CanGetUnflushedBytes ? body.UnflushedBytes : 0) > FlushAbove)
            {
                writer.Flush();
                await body.FlushAsync(context.RequestAborted);
            }
        }

        writer.WriteEndArray();
    }
}
