using System.Collections.Concurrent;
using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>Keeps one <see cref="TokenBucketBudget"/> per host in this process.</summary>
internal sealed class RequestBudgetProvider(TimeProvider time) : IRequestBudgetProvider, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<TokenBucketBudget>> _budgets = new(StringComparer.OrdinalIgnoreCase);

    public IRequestBudget GetBudget(CoupaTenant tenant)
    {
        var budget = _budgets.GetOrAdd(
            tenant.Host,
            static (_, state) => new Lazy<TokenBucketBudget>(() => new TokenBucketBudget(state.tenant.RequestsPerSecond, state.tenant.Burst, state.tenant.MaxConcurrency, state.time)),
            (tenant, time)).Value;
        budget.Configure(tenant.RequestsPerSecond, tenant.Burst, tenant.MaxConcurrency);
        return budget;
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
            budget.Value.Dispose();
    }
}
