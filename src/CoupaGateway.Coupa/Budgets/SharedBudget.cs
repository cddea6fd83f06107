using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>
/// The budget of a host that several processes share: a request first has its turn in the queue of its own process, which is fair between tables, and then
/// draws on the bucket of all.
/// </summary>
internal sealed class SharedBudget(TokenBucketBudget own, ISharedBucket shared, TimeProvider time) : IRequestBudget
{
    /// <summary>An answer that takes longer says that the instance is busy.</summary>
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(10);

    private volatile CoupaTenant? _tenant;
    private volatile int _burst;

    public BudgetUsage Usage => own.Usage is var usage && shared.FindRate(Tenant) is { } rate && rate < usage.AllowedPerSecond ? usage with { AllowedPerSecond = rate } : own.Usage;

    private CoupaTenant Tenant => _tenant ?? throw new InvalidOperationException("The limits are not set.");

    /// <summary>Takes over changed settings.</summary>
    public void Configure(CoupaTenant tenant, int burst) => (_tenant, _burst) = (tenant, burst);

    public async ValueTask<IDisposable> AcquireAsync(BudgetConsumer consumer, CancellationToken cancellationToken)
    {
        var permit = await own.AcquireAsync(consumer, cancellationToken);
        try
        {
            await shared.TakeAsync(Tenant, _burst, cancellationToken);
            return new SharedPermit(permit, this, time.GetTimestamp());
        }
        catch
        {
            permit.Dispose();
            throw;
        }
    }

    public void ReportThrottled(TimeSpan? retryAfter)
    {
        own.ReportThrottled(retryAfter);
        shared.SlowDown(Tenant, _burst, retryAfter);
    }

    private void Release(long since)
    {
        if (time.GetElapsedTime(since) >= SlowAnswer)
            shared.SlowDown(Tenant, _burst, pause: null);
    }

    private sealed class SharedPermit(IDisposable permit, SharedBudget budget, long since) : IDisposable
    {
        private IDisposable? _permit = permit;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _permit, null) is not { } held)
                return;

            held.Dispose();
            budget.Release(since);
        }
    }
}
