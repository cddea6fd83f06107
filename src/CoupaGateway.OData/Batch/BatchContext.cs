using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Batch;

/// <summary>
/// Makes a request of its own of one in a batch. What it does not say itself, it has from the batch: who calls, the connection, how the gateway is
/// reached. A caller cannot be someone else within a batch.
/// </summary>
internal static class BatchContext
{
    /// <summary>Headers of the batch that hold for its requests, unless they have their own.</summary>
    private static readonly string[] Inherited = [FeedHeaders.ODataVersion, FeedHeaders.ODataMaxVersion, FeedHeaders.Prefer];

    /// <exception cref="FeedException">The URL is not one of this service.</exception>
    public static HttpContext Create(FeedRequest batch, BatchRequest request, BatchPartResponse response)
    {
        var (path, query) = Resolve(batch, request.Url);
        var outer = batch.Http.Request;
        var decoded = ResourcePath.Decode(path);
        var features = new FeatureCollection(batch.Http.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = request.Method,
            Scheme = outer.Scheme,
            Protocol = outer.Protocol,
            PathBase = outer.PathBase,
            Path = $"{ODataFeedEndpointRouteBuilderExtensions.Prefix}/{batch.Connection}/{decoded}",
            QueryString = query,
            RawTarget = $"/{path}{query}",
            Headers = Headers(outer.Headers, request),
            Body = new MemoryStream(request.Body.ToArray(), writable: false),
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new BatchPartStream(response)));
        features.Set<IRouteValuesFeature>(new RouteValuesFeature { RouteValues = new RouteValueDictionary { ["connection"] = batch.Connection, ["path"] = decoded } });
        features.Set<IQueryFeature>(new QueryFeature(features));
        features.Set<IItemsFeature>(new ItemsFeature());
        features.Set(request);
        return new DefaultHttpContext(features);
    }

    private static (string Path, string Query) Resolve(FeedRequest batch, Uri url)
    {
        if (!url.IsAbsoluteUri)
            throw FeedException.NotImplemented($"'{url.OriginalString.Split('/')[0]}' refers to another request of the batch, which is not supported.", "$batch");

        var root = new Uri(batch.Root + "/");
        var path = url.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped);
        if (!url.Authority.Equals(root.Authority, StringComparison.OrdinalIgnoreCase) || !(path + "/").StartsWith(root.AbsolutePath, StringComparison.Ordinal))
            throw FeedException.NotFound($"A request of the batch is for an address outside of {root}.", "$batch");

        return (path.Length < root.AbsolutePath.Length ? string.Empty : path[root.AbsolutePath.Length..], url.Query);
    }

    private static HeaderDictionary Headers(IHeaderDictionary outer, BatchRequest request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
            headers[name] = value;

        headers[HeaderNames.Host] = outer.Host;
        headers.ContentLength = request.Body.Length;
        headers.Remove(HeaderNames.Authorization);
        foreach (var name in Inherited)
        {
            if (!headers.ContainsKey(name) && outer.TryGetValue(name, out var value))
                headers[name] = value;
        }

        return headers;
    }
}
