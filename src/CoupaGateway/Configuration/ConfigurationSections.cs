using System.Collections.Immutable;
using CoupaGateway.Access;
using CoupaGateway.Access.Tokens;
using CoupaGateway.Connections;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Health;
using CoupaGateway.Hosting;
using CoupaGateway.Monitoring;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.Protection;
using CoupaGateway.Snapshots;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Staleness;
using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Configuration;

/// <summary>Every section that the gateway reads: what the document of the settings is made of, and what a configuration is checked against.</summary>
internal static class ConfigurationSections
{
    /// <summary>One for each connection.</summary>
    public static ConfigurationSection Connection { get; } = new($"{ConnectionOptions.Section}:{{name}}", typeof(CoupaTenantOptions), typeof(ConnectionOptions));

    /// <summary>All others, in the order of the document.</summary>
    public static ImmutableArray<ConfigurationSection> All { get; } =
    [
        new(CacheOptions.SectionName, typeof(CacheOptions)),
        new(ProtectionOptions.Section, typeof(ProtectionOptions)),
        new(AccessOptions.Section, typeof(AccessOptions)),
        new(OidcOptions.Section, typeof(OidcOptions)),
        new(OutboundOptions.Section, typeof(OutboundOptions)),
        new(ForwardingOptions.Section, typeof(ForwardingOptions)),
        new(FeedOptions.Section, typeof(FeedOptions)),
        new(QueryOptions.Section, typeof(QueryOptions)),
        new(LoadOptions.Section, typeof(LoadOptions)),
        new(ChunkWritingOptions.Section, typeof(ChunkWritingOptions)),
        new(StalenessOptions.Section, typeof(StalenessOptions)),
        new(HealthOptions.Section, typeof(HealthOptions)),
        new(ShutdownOptions.Section, typeof(ShutdownOptions)),
        new(ManagementOptions.Section, typeof(ManagementOptions)),
    ];
}
