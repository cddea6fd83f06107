using CoupaGateway.Connections.Stored;
using CoupaGateway.Connections.Testing;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Drift;
using CoupaGateway.Metadata;
using CoupaGateway.Metadata.Stored;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Pseudonyms;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Connections;

internal static class ConnectionsServiceCollectionExtensions
{
    /// <summary>The connections of the configuration and those stored by REST, and where requests may go.</summary>
    public static IServiceCollection AddConnections(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboundOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ConnectionRegistryOptions>().ValidateOnStart();
        return services
            .AddConfiguredConnections(configuration)
            .AddSingleton<IValidateOptions<ConnectionRegistryOptions>, ConfiguredConnectionsValidation>()
            .AddSingleton<ConnectionInputValidation>()
            .AddSingleton<StoredConnectionReader>()
            .AddSingleton<ConnectionRegistry>()
            .AddSingleton<IConnectionDefinitions>(static provider => provider.GetRequiredService<ConnectionRegistry>())
            .AddSingleton<IDocumentSubscriber, StoredConnectionSubscriber>()
            .AddSingleton<IDocumentSubscriber, PauseSubscriber>()
            .AddSingleton<ConnectionStore>()
            .AddSingleton<ConnectionTests>()
            .AddSingleton<IConnectionTestStep, CustomMetadataStep>()
            .AddSingleton<IConnectionTestStep, PseudonymStep>()
            .AddSingleton<IConnectionTestStep, CacheStep>()
            .AddSingleton<MetadataDirectory>()
            .AddSingleton<IDocumentSubscriber>(static provider => provider.GetRequiredService<MetadataDirectory>())
            .AddSingleton<ObservedDirectory>()
            .AddSingleton<IDocumentSubscriber>(static provider => provider.GetRequiredService<ObservedDirectory>())
            .AddSingleton<MetadataStore>()
            .AddSingleton<Previewer>()
            .AddSingleton<ConnectionSchemas>()
            .AddSingleton<ISchemaProvider>(static provider => provider.GetRequiredService<ConnectionSchemas>())
            .AddSingleton<IPseudonymReports>(static provider => provider.GetRequiredService<ConnectionSchemas>())
            .AddSingleton<IPseudonymKeyring, PseudonymKeyring>()
            .AddSingleton<IConnectionProvider, ConnectionDirectory>();
    }

    /// <summary>What it takes to read the connections of the configuration, and to tell what is wrong with them; with what <c>AddCoupaSource</c> adds.</summary>
    public static IServiceCollection AddConfiguredConnections(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboundOptions>().Bind(configuration.GetSection(OutboundOptions.Section));
        return services.AddSingleton<ConnectionCheck>().AddSingleton<ConfiguredConnections>();
    }
}
