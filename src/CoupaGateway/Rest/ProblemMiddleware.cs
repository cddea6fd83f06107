using System.Text.Json;
using CoupaGateway.Snapshots.Redis;

namespace CoupaGateway.Rest;

/// <summary>Turns what endpoints throw, and answers without a body, into problem details.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            throw; // nobody to tell, or too late to say it
        }
        catch (BadHttpRequestException error)
        {
            context.Response.Clear();
            await Explain(error).ExecuteAsync(context);
            return;
        }
        catch (Exception error) when (error is CacheUnavailableException || CacheFailures.IsTransient(error))
        {
            RestLog.CacheAway(logger, context.GetEndpoint()?.DisplayName ?? context.Request.Method, error.GetType().Name);
            context.Response.Clear();
            context.Response.Headers.RetryAfter = "5";
            await Problems.Create(
                StatusCodes.Status503ServiceUnavailable, "cache-unavailable", "The cache server does not answer.", "Try again later. Feeds go on with what this gateway knows; see Cache:Redis when it lasts.").ExecuteAsync(context);
            return;
        }
        catch (Exception error)
        {
            RestLog.RequestFailed(logger, error, context.GetEndpoint()?.DisplayName ?? context.Request.Method);
            context.Response.Clear();
            await Problems.Create(
                StatusCodes.Status500InternalServerError, "internal", "The request failed.", "The gateway's log says why: look for the trace id.").ExecuteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } && !context.Request.Path.StartsWithSegments("/odata", StringComparison.OrdinalIgnoreCase))
            await ForStatus(context.Response.StatusCode).ExecuteAsync(context);
    }

    private static IResult Explain(BadHttpRequestException error) => error switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problems.Create(413, "too-large", "The body is too large.", "Send a smaller body."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => ForStatus(415),
        { InnerException: JsonException json } => Problems.Create(
            400,
            "malformed-body",
            "The body cannot be read.",
            "The body is no JSON of the expected form; see errors.",
            new Dictionary<string, string[]> { [Pointer(json)] = [Kind(json)] }),
        _ => Problems.Create(error.StatusCode, "bad-request", "The request cannot be read.", "A parameter or the body is missing or has the wrong form."),
    };

    private static IResult ForStatus(int status) => status switch
    {
        404 => Problems.Create(404, "not-found", "There is nothing here.", $"See {Endpoints.Swagger} for what there is."),
        405 => Problems.Create(405, "method-not-allowed", "This cannot be done here.", "The header Allow lists the methods."),
        415 => Problems.Create(415, "not-json", "The body is of the wrong type.", "Send JSON, with Content-Type: application/json."),
        _ => Problems.Create(status, "refused", "The request is refused.", $"It was answered with {status}."),
    };

    /// <summary>Where in the body; System.Text.Json's path without its leading dollar.</summary>
    private static string Pointer(JsonException error) => error.Path is { Length: > 2 } path ? path[2..] : "body";

    // The exception's message can quote what was sent, and that can be a secret.
    private static string Kind(JsonException error) =>
        error.Message.StartsWith("The JSON property", StringComparison.Ordinal) ? "There is no such field."
        : error.Path is { Length: > 1 } ? "The value is not of the type that the field has."
        : $"Not JSON, at line {error.LineNumber + 1 ?? 1}, byte {error.BytePositionInLine ?? 0}.";
}
