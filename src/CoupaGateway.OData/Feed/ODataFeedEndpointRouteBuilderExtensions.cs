using CoupaGateway.OData.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData;

/// <summary>Maps the feeds into a host's endpoints.</summary>
public static class ODataFeedEndpointRouteBuilderExtensions
{
    /// <summary>Path of all feeds; a connection's service root is one segment below.</summary>
    internal const string Prefix = "/odata";

    /// <summary>Serves every connection at <c>/odata/{connection}/</c>, compressed for clients that ask for it.</summary>
    /// <returns>The group of the feeds' endpoints, for the host's authorization and other conventions.</returns>
    public static RouteGroupBuilder MapODataFeeds(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Prefix);
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.Use(FeedMetrics.MeasureAsync);
        pipeline.UseWhen(Compression.IsAllowed, static compressed => compressed.UseResponseCompression());
        pipeline.Run(static context => context.RequestServices.GetRequiredService<FeedEndpoint>().HandleAsync(context));
        var feed = pipeline.Build();
        group.Map("/{connection}/{**path}", feed).WithDisplayName("OData feed");
        group.Map("/", feed).WithDisplayName("OData feed without a connection");
        return group;
    }
}
