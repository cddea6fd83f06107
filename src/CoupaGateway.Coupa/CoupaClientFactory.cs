using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Tokens;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa;

/// <summary>Keeps the client of each credential. A tenant with changed settings replaces the client of the old ones, so that changes do not pile up.</summary>
internal sealed class CoupaClientFactory(IHttpClientFactory clients, IRequestBudgetProvider budgets, TimeProvider time, CoupaMetrics metrics, ILogger<CoupaClient> logger)
    : ICoupaClientFactory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Host, string ClientId, string Scope), CoupaClient> _known = [];

    public CoupaClient Create(CoupaTenant tenant)
    {
        lock (_gate)
        {
            var key = (tenant.Host, tenant.ClientId, tenant.Scope);
            if (_known.TryGetValue(key, out var client) && client.Tenant == tenant)
                return client;

            return _known[key] = Make(tenant);
        }
    }

    private CoupaClient Make(CoupaTenant tenant)
    {
        var budget = budgets.GetBudget(tenant);
        var tokens = new AccessTokenSource(tenant, new TokenRequest(tenant, clients, time, metrics), time, metrics, logger);
        return new CoupaClient(tenant, budget, new CoupaChannel(tenant, clients, budget, tokens, time, metrics, logger), logger);
    }
}
