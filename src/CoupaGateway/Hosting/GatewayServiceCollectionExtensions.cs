using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Coupa;
using CoupaGateway.Health;
using CoupaGateway.Monitoring;
using CoupaGateway.OData;
using CoupaGateway.OData.Feed;
using CoupaGateway.Protection;
using CoupaGateway.Rest;
using CoupaGateway.Snapshots;
using CoupaGateway.Staleness;
using CoupaGateway.Sync;
using CoupaGateway.Sync.Loading;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Hosting;

internal static class GatewayServiceCollectionExtensions
{
    /// <summary>Everything that the gateway is made of, from the source to the feeds.</summary>
    public static IServiceCollection AddCoupaGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StalenessOptions>().Bind(configuration.GetSection(StalenessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TableAges>();

        // What has gone can be told as long as deletions are kept.
        services.AddOptions<FeedOptions>().PostConfigure<IOptions<LoadOptions>>(static (feed, load) => feed.DeltaHistory = load.Value.DeletionsKept);
        return services
            .AddForwarding(configuration)
            .AddAccess(configuration)
            .AddProtection(configuration)
            .AddConnections(configuration)
            .AddCoupaSource()
            .AddSnapshots(configuration)
            .AddSync(configuration)
            .AddODataFeeds(configuration)
            .AddHealth(configuration)
            .AddMonitoring(configuration)
            .AddRest()
            .AddOpenApiDocuments();
    }
}
