using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Coupa.Tokens;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Testing;

/// <summary>
/// The clients of one test, one for each scope. They are not those of the loads: a test must not end their tokens, open their circuit breaker or wait
/// as patiently.
/// </summary>
internal sealed class TestClients
{
    private const string Consumer = "connection test";

    private readonly CoupaTenant _tenant;
    private readonly IHttpClientFactory _http;
    private readonly TenthOfBudget _budget;
    private readonly TimeProvider _time;
    private readonly CoupaMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Dictionary<string, (AccessTokenSource Tokens, CoupaClient Client)> _clients = new(StringComparer.Ordinal);

    public TestClients(CoupaTenant tenant, IHttpClientFactory http, IRequestBudgetProvider budgets, TimeProvider time, CoupaMetrics metrics, ILogger logger)
    {
        (_tenant, _http, _time, _metrics, _logger) = (tenant, http, time, metrics, logger);
        _budget = new TenthOfBudget(budgets.GetBudget(tenant), tenant.RequestsPerSecond, tenant.Burst, time);
    }

    /// <summary>Asks for a token with a scope alone; the client of the scope goes on using it.</summary>
    /// <exception cref="Failures.CoupaException">There is none.</exception>
    public async Task MintAsync(string scope, CancellationToken cancellationToken)
    {
        using var permit = await _budget.AcquireAsync(Consumer, cancellationToken);
        await Get(scope).Tokens.GetAsync(cancellationToken);
    }

    /// <summary>Waits for the turns of requests that others send.</summary>
    public async Task WaitForTurnsAsync(int requests, CancellationToken cancellationToken)
    {
        for (var i = 0; i < requests; i++)
            await _budget.WaitAsync(cancellationToken);
    }

    public CoupaClient Client(string scope) => Get(scope).Client;

    private (AccessTokenSource Tokens, CoupaClient Client) Get(string scope)
    {
        if (_clients.TryGetValue(scope, out var known))
            return known;

        var tenant = _tenant.ForTest(scope);
        var tokens = new AccessTokenSource(tenant, new TokenRequest(tenant, _http, _time, _metrics), _time, _metrics, _logger);
        return _clients[scope] = (tokens, new CoupaClient(tenant, _budget, new CoupaChannel(tenant, _http, _budget, tokens, _time, _metrics, _logger), _logger));
    }
}
