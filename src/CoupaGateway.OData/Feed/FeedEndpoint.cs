using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Model;
using CoupaGateway.OData.OpenApi;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Rows;
using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.OData.UriParser;
using StackExchange.Redis;

namespace CoupaGateway.OData.Feed;

/// <summary>Every request to <c>/odata/{connection}/…</c>: finds out what it is for, hands it on, and turns failures into OData errors.</summary>
internal sealed class FeedEndpoint(
    ISchemaProvider schemas, IFeedAccess access, FeedModelCache models, CollectionResponder collections, EntityResponder entities, CountResponder counts,
    IOptionsMonitor<FeedOptions> options, ILogger<FeedEndpoint> logger)
{
    private const string AllowedMethods = "GET, HEAD, OPTIONS";

    public async Task HandleAsync(HttpContext context)
    {
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

    private Task DispatchAsync(HttpContext context)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = AllowedMethods;
            return Task.CompletedTask;
        }

        CheckMethod(context.Request);
        CheckVersion(context.Request);
        var request = Read(context);
        var stop = context.RequestAborted;
        if (request.Path.Length == 0)
            return ServiceDocumentResponder.RespondAsync(request, stop);
        if (request.Path == Uri.EscapeDataString(OpenApiResponder.Path))
            return OpenApiResponder.RespondAsync(request, stop);

        var path = new FeedUriParser(request.Model).ParsePath(request.Path);
        return path.ToArray() switch
        {
            [MetadataSegment] => MetadataResponder.RespondAsync(request, stop),
            [EntitySetSegment set] => collections.RespondAsync(request, set.EntitySet, stop),
            [EntitySetSegment set, CountSegment] => counts.RespondAsync(request, set.EntitySet, stop),
            [EntitySetSegment set, KeySegment key] => entities.RespondAsync(request, set.EntitySet, key, stop),
            [BatchSegment] => throw FeedException.NotImplemented("$batch is not supported.", "$batch"),
            [.., { } last] => throw FeedException.NotImplemented($"The path segment '{last.Identifier ?? last.GetType().Name}' is not supported.", last.Identifier),
            _ => throw FeedException.NotFound("There is no such resource."),
        };
    }

    private FeedRequest Read(HttpContext context)
    {
        var current = options.CurrentValue;
        var query = QueryOptionSet.Parse(context.Request.QueryString.Value);
        CheckLength(context.Request, query, current);
        var connection = context.GetRouteValue("connection") as string ?? string.Empty;
        var schema = schemas.Find(connection);
        if (schema is null && schemas.Connections.Contains(connection))
            throw FeedException.Unavailable(ErrorCodes.NotLoaded, $"The gateway does not know the tables of '{connection}' yet; try again in a second.", connection);
        if (schema is not { } whole || access.View(context, connection, whole) is not { } view)
            throw FeedException.NotFound(connection.Length == 0 ? "The path names no connection." : $"There is no connection '{connection}'.", connection);

        var path = (context.GetRouteValue("path") as string ?? string.Empty).Trim('/');
        return new(context, connection, view.Schema, models.Get(view.Schema), Root(context.Request, connection, current), Escape(path), query, current)
        {
            MaxPageSize = Math.Min(view.MaxPageSize ?? int.MaxValue, current.MaxPageSize),
        };
    }

    /// <summary>The route value is decoded; the parser decodes again.</summary>
    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Root(HttpRequest request, string connection, FeedOptions options)
    {
        var address = options.PublicBaseAddress?.AbsoluteUri.TrimEnd('/')
            ?? $"{request.Scheme}://{(request.Host.HasValue ? request.Host.ToUriComponent() : "localhost")}{request.PathBase.ToUriComponent()}";
        return $"{address}{ODataFeedEndpointRouteBuilderExtensions.Prefix}/{Uri.EscapeDataString(connection)}";
    }

    private static void CheckMethod(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return;

        throw new FeedException(
            StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed, $"The feed is read only: {request.Method} is not allowed.", request.Method)
        { Allow = AllowedMethods };
    }

    private static void CheckVersion(HttpRequest request)
    {
        if (request.Headers[FeedHeaders.ODataMaxVersion].ToString() is not { Length: > 0 } wanted)
            return;
        if (!decimal.TryParse(wanted.Trim().TrimEnd(';'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version) || version < 4.0m)
            throw FeedException.BadRequest(ErrorCodes.InvalidVersion, "The feed speaks OData 4.0; OData-MaxVersion asks for less, or for nothing known.", FeedHeaders.ODataMaxVersion);
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
        RedisException or TimeoutException => FeedException.Unavailable(ErrorCodes.Busy, "The cache server does not answer; try again later."),
        QueryRejectedException heavy => FeedException.BadRequest(ErrorCodes.TooComplex, heavy.Message),
        _ => new(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "The request failed; the gateway's log says why."),
    };
}
