using System.Collections.Concurrent;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>Keeps one budget per host. Where an <see cref="ISharedBucket"/> is registered, it holds for all processes together, otherwise for this one.</summary>
internal sealed class RequestBudgetProvider(TimeProvider time, ISharedBucket? shared = null) : IRequestBudgetProvider, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Entry>> _budgets = new(StringComparer.OrdinalIgnoreCase);

    public IRequestBudget GetBudget(CoupaTenant tenant)
    {
        // Requests reach Coupa less evenly than they leave here. At the very edge of its limit that alone makes 429s, so a tenth of the burst stays unused.
        var burst = tenant.Burst - (tenant.Burst / 10);
        var entry = _budgets.GetOrAdd(tenant.Host, _ => new Lazy<Entry>(() => Create(tenant, burst))).Value;
        entry.Own.Configure(tenant.RequestsPerSecond, burst, tenant.MaxConcurrency);
        entry.Shared?.Configure(tenant, burst);
        return (IRequestBudget?)entry.Shared ?? entry.Own;
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
            budget.Value.Own.Dispose();
    }

    private Entry Create(CoupaTenant tenant, int burst)
    {
        var own = new TokenBucketBudget(tenant.RequestsPerSecond, burst, tenant.MaxConcurrency, time);
        return new Entry(own, shared is null ? null : new SharedBudget(own, shared, time));
    }

    private sealed record Entry(TokenBucketBudget Own, SharedBudget? Shared);
}
