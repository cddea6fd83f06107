using CoupaGateway.OData.Batch;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Model;
using CoupaGateway.OData.OpenApi;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Memory;
using CoupaGateway.Snapshots.Redis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Feed;

/// <summary>Every request to <c>/odata/{connection}/…</c>: finds out what it is for, hands it on, and turns failures into OData errors.</summary>
internal sealed class FeedEndpoint(
    ISchemaProvider schemas, IFeedAccess access, FeedModelCache models, ResourceResponder resources, BatchResponder batches,
    IdleMemory memory, IOptionsMonitor<FeedOptions> options, ILogger<FeedEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        using var work = memory.Begin();
        FeedHeaders.Add(context.Response);
        try
        {
            await DispatchAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; nobody is left to tell.
        }
        catch (Exception exception)
        {
            var error = ToError(exception);
            if (error.Status == StatusCodes.Status500InternalServerError)
                logger.RequestFailed(exception, FeedTarget.Of(context).ToString());

            // Once bytes are out, cutting the connection is the only honest answer: half a page must not look like a whole one.
            if (context.Response.HasStarted)
                context.Abort();
            else
                await ErrorWriter.WriteAsync(context, error, options.CurrentValue);
        }
    }

    private async Task DispatchAsync(HttpContext context)
    {
        var path = RawPath.Of(context);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = FeedMethods.Of(path);
            return;
        }

        FeedMethods.Check(context.Request.Method, path);
        ProtocolVersion.Check(context.Request);
        var stop = context.RequestAborted;
        var query = RawPath.IsQuery(path, out var resource) ? await QueryBody.ReadAsync(context.Request, options.CurrentValue, stop) : context.Request.QueryString.Value;
        var request = Read(context, resource, query);
        await (RawPath.IsBatch(path) ? batches.RespondAsync(request, HandleAsync, stop) : DispatchAsync(request, stop));
    }

    private Task DispatchAsync(FeedRequest request, CancellationToken stop)
    {
        if (request.Path.Length == 0)
            return ServiceDocumentResponder.RespondAsync(request, stop);
        if (RawPath.Is(request.Path, OpenApiResponder.Path))
            return OpenApiResponder.RespondAsync(request, stop);

        UnsupportedResources.Check(request.Path);
        var path = new FeedUriParser(request.Model).ParsePath(request.Path, request.Query);
        return path.ToArray() switch
        {
            [MetadataSegment] => MetadataResponder.RespondAsync(request, stop),
            [EntitySetSegment, ..] => resources.RespondAsync(request, path, stop),
            [.., { } last] => throw FeedException.NotImplemented($"The path segment '{last.Identifier ?? last.GetType().Name}' is not supported.", last.Identifier),
            _ => throw FeedException.NotFound("There is no such resource."),
        };
    }

    private FeedRequest Read(HttpContext context, string path, string? text)
    {
        var current = options.CurrentValue;
        var query = QueryOptionSet.Parse(text);
        CheckLength(context.Request, query, current);
        var connection = context.GetRouteValue("connection") as string ?? string.Empty;
        var schema = schemas.Find(connection);
        if (schema is null && schemas.Connections.Contains(connection))
            throw FeedException.Unavailable(ErrorCodes.NotLoaded, $"The gateway does not know the tables of '{connection}' yet; try again in a second.", connection);
        if (schema is not { } whole || access.View(context, connection, whole) is not { } view)
            throw FeedException.NotFound(connection.Length == 0 ? "The path names no connection." : $"There is no connection '{connection}'.", connection);

        // Only what the schema is now can be asked for.
        if (query[QueryOptionSet.SchemaVersion] is { } version && version != "*" && version != view.Schema.Fingerprint)
            throw new FeedException(404, ErrorCodes.NotFound, "The schema has changed: there is no such $schemaversion any more. Read $metadata again; its annotation Core.SchemaVersion names the one there is.", QueryOptionSet.SchemaVersion);

        return new(context, connection, view.Schema, models.Get(view.Schema), Root(context.Request, connection, current), path, query, current)
        {
            MaxPageSize = Math.Min(view.MaxPageSize ?? int.MaxValue, current.MaxPageSize),
            Preferences = Preferences.Parse(context.Request.Headers[FeedHeaders.Prefer]),
            Version = ProtocolVersion.Of(context.Request),
        };
    }

    private static string Root(HttpRequest request, string connection, FeedOptions options)
    {
        var address = options.PublicBaseAddress?.AbsoluteUri.TrimEnd('/')
            ?? $"{request.Scheme}://{(request.Host.HasValue ? request.Host.ToUriComponent() : "localhost")}{request.PathBase.ToUriComponent()}";
        return $"{address}{ODataFeedEndpointRouteBuilderExtensions.Prefix}/{Uri.EscapeDataString(connection)}";
    }

    /// <summary>The limit does not count the token that the feed itself puts into next links.</summary>
    private static void CheckLength(HttpRequest request, QueryOptionSet query, FeedOptions options)
    {
        var length = (request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) - (query[QueryOptionSet.SkipToken]?.Length ?? 0);
        if (length > options.MaxUrlLength)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"The URL is longer than {options.MaxUrlLength} characters.", "URL");
    }

    private static FeedException ToError(Exception exception) => exception switch
    {
        FeedException known => known,
        QueryRejectedException { Reason: QueryRejection.Busy } busy => FeedException.Unavailable(ErrorCodes.Busy, busy.Message),
        QueryRejectedException { Reason: QueryRejection.InvalidValue } invalid => FeedException.BadRequest(ErrorCodes.InvalidValue, invalid.Message),
        _ when CacheFailures.IsTransient(exception) => FeedException.Unavailable(ErrorCodes.Busy, "The cache server does not answer; try again later."),
        QueryRejectedException heavy => FeedException.BadRequest(ErrorCodes.TooComplex, heavy.Message),
        _ => new(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "The request failed; the gateway's log says why."),
    };
}
