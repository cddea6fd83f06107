using System.Collections.Concurrent;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>Keeps one <see cref="TokenBucketBudget"/> per host in this process.</summary>
internal sealed class RequestBudgetProvider(TimeProvider time) : IRequestBudgetProvider, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<TokenBucketBudget>> _budgets = new(StringComparer.OrdinalIgnoreCase);

    public IRequestBudget GetBudget(CoupaTenant tenant)
    {
        // Requests reach Coupa less evenly than they leave here. At the very edge of its limit that alone makes 429s, so a tenth of the burst stays unused.
        var burst = tenant.Burst - (tenant.Burst / 10);
        var budget = _budgets.GetOrAdd(
            tenant.Host,
            static (_, state) => new Lazy<TokenBucketBudget>(() => new TokenBucketBudget(state.tenant.RequestsPerSecond, state.burst, state.tenant.MaxConcurrency, state.time)),
            (tenant, burst, time)).Value;
        budget.Configure(tenant.RequestsPerSecond, burst, tenant.MaxConcurrency);
        return budget;
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
            budget.Value.Dispose();
    }
}
