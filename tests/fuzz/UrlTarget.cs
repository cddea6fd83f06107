using System.Diagnostics;
using CoupaGateway.OData;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tests.Corpus;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Fuzz;

/// <summary>What is fuzzed: the way from a URL to SQL and through DuckDB, in this process and without a server.</summary>
internal sealed class UrlTarget : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ServiceProvider _services;
    private readonly FeedEndpoint _endpoint;

    public UrlTarget()
    {
        var feed = new EmptyFeed();
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(static logging => logging.ClearProviders());
        services.AddSingleton<ISchemaProvider>(feed);
        services.AddSingleton<ISnapshotCatalog>(feed);
        services.AddSingleton<IChunkCache>(feed);
        services.AddODataFeeds(configuration);
        services.Configure<QueryOptions>(static options => options.MemoryLimit = 256L << 20);
        _services = services.BuildServiceProvider();
        _endpoint = _services.GetRequiredService<FeedEndpoint>();
    }

    /// <param name="text">Path and query below the service root.</param>
    /// <returns>What is wrong with the answer; null when nothing is.</returns>
    public string? Run(string text)
    {
        var target = new CorpusRequest("GET", text, []).Target;
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = cut < 0 ? (target, string.Empty) : (target[..cut], target[cut..]);
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = $"/odata/{EmptyFeed.Connection}/{target}";
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = "http";
        context.Request.Host = new("localhost");
        context.Request.Path = $"/odata/{EmptyFeed.Connection}/{RawPath.Decode(path)}";
        context.Request.QueryString = new(query);
        context.Request.RouteValues = new RouteValueDictionary { ["connection"] = EmptyFeed.Connection, ["path"] = RawPath.Decode(path) };
        context.Response.Body = body;

        var start = Stopwatch.GetTimestamp();
        _endpoint.HandleAsync(context).GetAwaiter().GetResult();
        context.Response.CompleteAsync().GetAwaiter().GetResult();
        var took = Stopwatch.GetElapsedTime(start);
        return context.Response.StatusCode is >= 500 and not 501 ? $"status {context.Response.StatusCode}" : took > Limit ? $"{took.TotalSeconds:0.0} s" : null;
    }

    public void Dispose() => _services.Dispose();
}
