using System.Diagnostics.Metrics;
using CoupaGateway.Connections;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Drift;
using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Staleness;
using CoupaGateway.Telemetry;

namespace CoupaGateway.Monitoring;

/// <summary>What is looked up when somebody asks for the metrics: the cache server, the budgets of all hosts, drift.</summary>
internal sealed class GatewayGauges : IHostedService
{
    private readonly ICacheServer _cache;
    private readonly IConnectionDefinitions _connections;
    private readonly IRequestBudgetProvider _budgets;
    private readonly ISchemaProvider _schemas;
    private readonly ObservedDirectory _observed;

    /// <param name="ages">Made with the others, for its gauges.</param>
    public GatewayGauges(
        ICacheServer cache, IConnectionDefinitions connections, IRequestBudgetProvider budgets, ISchemaProvider schemas, ObservedDirectory observed, TableAges ages, IMeterFactory meters)
    {
        (_cache, _connections, _budgets, _schemas, _observed) = (cache, connections, budgets, schemas, observed);
        ArgumentNullException.ThrowIfNull(ages);

        // The factory owns the meter and disposes it.
        var meter = meters.Create(TelemetryNames.Meter);
        Instruments.CacheConnected.Gauge<int>(meter, () => [new(_cache.IsConnected ? 1 : 0)]);
        Instruments.DriftKeys.Gauge(meter, CountDrift);
        Instruments.BudgetUsed.Gauge(meter, () => Budgets(static usage => usage.RequestsPerSecond));
        Instruments.BudgetAllowed.Gauge(meter, () => Budgets(static usage => usage.AllowedPerSecond));
        Instruments.BudgetWaiting.Gauge(meter, () => Budgets(static usage => usage.Waiting));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<double>> Budgets(Func<BudgetUsage, double> value) =>
        _connections.All.DistinctBy(static connection => connection.Tenant.Host)
            .Select(connection => new Measurement<double>(value(_budgets.GetBudget(connection.Tenant).Usage), new KeyValuePair<string, object?>(Labels.CoupaHost, connection.Tenant.Host)));

    private IEnumerable<Measurement<int>> CountDrift() =>
        from connection in _connections.All
        let name = connection.Name
        let schema = _schemas.Find(name)
        where schema is not null
        let policy = connection.Options.ObservedColumns.ToPolicy()
        from state in _observed.Find(name).Keys.GroupBy(key => DriftKey.Of(schema, policy, key).State)
        select new Measurement<int>(state.Count(), new(Labels.Connection, name), new(Labels.DriftState, EnumNames.Of(state.Key)));
}
