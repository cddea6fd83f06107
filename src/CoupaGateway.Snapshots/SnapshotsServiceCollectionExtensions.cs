using CoupaGateway.Snapshots.Buckets;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Embedded;
using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Redis.Inspection;
using CoupaGateway.Snapshots.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CoupaGateway.Snapshots;

public static class SnapshotsServiceCollectionExtensions
{
    /// <summary>
    /// Tables at rest: <see cref="ISnapshotStore"/>, <see cref="ISnapshotCatalog"/>, <see cref="IChunkCache"/>, <see cref="ISyncStateStore"/>,
    /// <see cref="ISharedDocumentStore"/>, <see cref="ILeaseStore"/>, <see cref="ITokenBuckets"/> and <see cref="ICacheServer"/>, over <c>Cache:Redis</c> or the
    /// embedded server.
    /// </summary>
    public static IServiceCollection AddSnapshots(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CacheOptions>()
            .Bind(configuration.GetSection(CacheOptions.SectionName))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataFolder>();
        services.TryAddSingleton<CacheInspector>();
        services.TryAddSingleton<ICacheServer, RedisConnection>();
        services.TryAddSingleton<SnapshotStore>();
        services.TryAddSingleton<ISnapshotStore>(static provider => provider.GetRequiredService<SnapshotStore>());
        services.TryAddSingleton<SnapshotCatalog>();
        services.TryAddSingleton<ISnapshotCatalog>(static provider => provider.GetRequiredService<SnapshotCatalog>());
        services.TryAddSingleton<IChunkCache, ChunkCache>();
        services.TryAddSingleton<ISyncStateStore, SyncStateStore>();
        services.TryAddSingleton<IDocumentStore, DocumentStore>();
        services.TryAddSingleton<ILeaseStore, LeaseStore>();
        services.TryAddSingleton<ITokenBuckets, TokenBuckets>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CatalogFollower>());
        services.TryAddSingleton<ISharedDocumentStore, SharedDocumentStore>();
        services.TryAddSingleton<IJournalStore, JournalStore>();
        services.TryAddSingleton<DocumentFollower>();
        services.TryAddSingleton<IDocumentFollower>(static provider => provider.GetRequiredService<DocumentFollower>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DocumentFollower>(static provider => provider.GetRequiredService<DocumentFollower>()));
        return services;
    }
}
