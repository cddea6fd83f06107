using CoupaGateway.Access;
using CoupaGateway.Connections;
using CoupaGateway.Coupa;
using CoupaGateway.OData;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots;
using CoupaGateway.Staleness;
using CoupaGateway.Sync;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Hosting;

internal static class GatewayServiceCollectionExtensions
{
    /// <summary>Everything that the gateway is made of, from the source to the feeds.</summary>
    public static IServiceCollection AddCoupaGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StalenessOptions>().Bind(configuration.GetSection(StalenessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TableAges>();
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section));
        return services
            .AddConnections()
            .AddCoupaSource()
            .AddSnapshots(configuration)
            .AddSync(configuration)
            .AddODataFeeds(configuration)
            .AddOpenApiDocuments();
    }

    private static IServiceCollection AddConnections(this IServiceCollection services) => services
        .AddSingleton<IConnectionDefinitions, ConfiguredConnections>()
        .AddSingleton<ConnectionSchemas>()
        .AddSingleton<ISchemaProvider>(static services => services.GetRequiredService<ConnectionSchemas>())
        .AddSingleton<IPseudonymReports>(static services => services.GetRequiredService<ConnectionSchemas>())
        .AddSingleton<IPseudonymKeyring, PseudonymKeyring>()
        .AddSingleton<IConnectionProvider, ConnectionDirectory>();
}
