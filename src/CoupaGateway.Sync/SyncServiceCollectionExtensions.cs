using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Memory;
using CoupaGateway.Sync.Budgets;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Observing;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Runs;
using CoupaGateway.Sync.Sampling;
using CoupaGateway.Sync.Schedules;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CoupaGateway.Sync;

public static class SyncServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine that loads what is missing as soon as the host starts, <see cref="ISyncEngine"/> and <see cref="ISyncProgress"/>. Needs the
    /// Coupa source, the snapshots with their catalog, an <see cref="Schema.ISchemaProvider"/> and a <see cref="Connections.IConnectionProvider"/>; tables with
    /// pseudonyms also an <see cref="IPseudonymKeyring"/>.
    /// </summary>
    public static IServiceCollection AddSync(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LoadOptions>().Bind(configuration.GetSection(LoadOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddChunkWriting(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdleMemory>();
        services.TryAddSingleton<IRecordSourceFactory, CoupaRecordSourceFactory>();
        services.TryAddSingleton<IPseudonymKeyring, EmptyKeyring>();
        services.TryAddSingleton<ISharedBucket, SharedRequests>();
        services.TryAddSingleton<SyncProgress>();
        services.TryAddSingleton<ISyncProgress>(static provider => provider.GetRequiredService<SyncProgress>());
        services.TryAddSingleton<TableMerger>();
        services.TryAddSingleton<DeletionLog>();
        services.TryAddSingleton<PseudonymFindingsStore>();
        services.TryAddSingleton<IPseudonymFindings>(static provider => provider.GetRequiredService<PseudonymFindingsStore>());
        services.TryAddSingleton<RetiredTables>();
        services.TryAddSingleton<KeySwitch>();
        services.TryAddSingleton<ReadWindows>();
        services.TryAddSingleton<FamilyLoader>();
        services.TryAddSingleton<ConnectionLoader>();
        services.TryAddSingleton<ObservedStore>();
        services.TryAddSingleton<FirstLook>();
        services.TryAddSingleton<NewestRecords>();
        services.TryAddSingleton<IRecordSampler, RecordSampler>();
        services.TryAddSingleton<JobQueue>();
        services.TryAddSingleton<RunHistory>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<WakeSignal>();
        services.TryAddSingleton<RunCleaner>();
        services.TryAddSingleton<SyncRuns>();
        services.TryAddSingleton<ISyncRuns>(static provider => provider.GetRequiredService<SyncRuns>());
        services.TryAddSingleton<TableWorker>();
        services.TryAddSingleton<Scheduler>();
        services.TryAddSingleton<SyncEngine>();
        services.TryAddSingleton<ISyncEngine>(static provider => provider.GetRequiredService<SyncEngine>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SyncEngine>(static provider => provider.GetRequiredService<SyncEngine>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DamageWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProgressLog>());
        return services;
    }
}
