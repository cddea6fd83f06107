using System.Collections.Concurrent;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Snapshots.Buckets;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Sync.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Sync.Budgets;

/// <summary>The budget of each host as a bucket in Redis. While Redis is away nothing is asked of Coupa: nobody knows what the others ask.</summary>
internal sealed class SharedRequests(ITokenBuckets buckets, TimeProvider time, ILogger<SharedRequests> logger) : ISharedBucket
{
    private readonly ConcurrentDictionary<string, HostQueue> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask TakeAsync(CoupaTenant tenant, int burst, CancellationToken cancellationToken) => QueueOf(tenant).TakeAsync(LimitsOf(tenant, burst), cancellationToken);

    public void SlowDown(CoupaTenant tenant, int burst, TimeSpan? pause) => _ = SlowDownAsync(Name(tenant), LimitsOf(tenant, burst), pause);

    public double? FindRate(CoupaTenant tenant) => QueueOf(tenant).Rate;

    private static BucketLimits LimitsOf(CoupaTenant tenant, int burst) => new(tenant.RequestsPerSecond, burst);

    private static string Name(CoupaTenant tenant) => tenant.Host.ToLowerInvariant();

    private HostQueue QueueOf(CoupaTenant tenant) => _hosts.GetOrAdd(Name(tenant), static (name, state) => new HostQueue(name, state.buckets, state.time, state.logger), (buckets, time, logger));

    private async Task SlowDownAsync(string name, BucketLimits limits, TimeSpan? pause)
    {
        try
        {
            await buckets.SlowDownAsync(name, limits, pause, CancellationToken.None);
        }
        catch (Exception failure) when (CacheFailures.IsTransient(failure))
        {
            // Whoever asks next is told 429 again.
            Log.BudgetAway(logger, name, failure.GetType().Name);
        }
    }
}
