using CoupaGateway.Access.Keys;
using CoupaGateway.Connections;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Staleness;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Health;

/// <summary>
/// Judges the gateway's health. Old and damaged tables, and a wrong clock, make it degraded and never unready: a gateway that is taken out of service for them would serve
/// nothing at all. Without any connection it is ready: somebody has to be able to add the first one.
/// </summary>
internal sealed class GatewayHealth(
    ICacheServer cache, ApiKeyDirectory keys, IConnectionDefinitions connections, ISchemaProvider schemas, ISnapshotCatalog catalog, TableAges ages, Drain drain, ClockWatch clock,
    IHostApplicationLifetime lifetime, IOptionsMonitor<HealthOptions> options, TimeProvider time)
{
    private long _reached;

    /// <summary>Whether the start is over: the server listens and the stored keys and connections were read.</summary>
    public bool IsStarted => lifetime.ApplicationStarted.IsCancellationRequested && keys.IsLoaded;

    /// <summary>The health without details, for those who ask every few seconds.</summary>
    public HealthStatus Status => FindObstacle() is not null ? HealthStatus.Unready : Find().Any() || clock.IsDifferent ? HealthStatus.Degraded : HealthStatus.Ready;

    public HealthReport Report()
    {
        var found = Find().ToArray();
        var told = clock.Report();
        if (FindObstacle() is { } obstacle)
            return new HealthReport(HealthStatus.Unready, [obstacle], cache.IsConnected, told, found);

        List<string> reasons = [];
        if (found.Any(static connection => connection.Stale.Count > 0))
            reasons.Add("stale");
        if (found.Any(static connection => connection.Damaged.Count > 0))
            reasons.Add("damaged");
        if (found.Any(static connection => connection.NotLoaded.Count > 0))
            reasons.Add("not-loaded");
        if (told.SecondsAhead.Count > 0)
            reasons.Add("clock");
        return new HealthReport(reasons.Count > 0 ? HealthStatus.Degraded : HealthStatus.Ready, reasons, cache.IsConnected, told, found);
    }

    private string? FindObstacle()
    {
        var isAway = IsCacheAway();
        return drain.IsDraining ? "draining"
            : !IsStarted ? "starting"
            : isAway ? "cache-unreachable"
            : connections.All.Count > 0 && connections.All.All(connection => schemas.Find(connection.Name) is null) ? "no-schema"
            : null;
    }

    private bool IsCacheAway()
    {
        if (cache.IsConnected)
        {
            Volatile.Write(ref _reached, time.GetTimestamp());
            return false;
        }

        var reached = Volatile.Read(ref _reached);
        return reached == 0 || time.GetElapsedTime(reached) > options.CurrentValue.CacheGrace;
    }

    /// <summary>Connections that are not well; a paused one is left as it is on purpose.</summary>
    private IEnumerable<ConnectionHealth> Find() =>
        from connection in schemas.Connections
        let schema = schemas.Find(connection)
        where schema is not null
        let health = Judge(connection, schema)
        where !health.IsWell
        select health;

    private ConnectionHealth Judge(string connection, SchemaRevision schema)
    {
        var isPaused = connections.Find(connection) is { IsPaused: true };
        return new ConnectionHealth(
            connection,
            Names(table => !isPaused && catalog.FindCurrent(new TableId(connection, table.Name)) is null),
            Names(table => catalog.IsDamaged(new TableId(connection, table.Name))),
            Names(table => !isPaused && table.Name == table.Root && ages.IsStale(ages.Find(connection, table))));

        string[] Names(Func<TableSchema, bool> condition) => [.. schema.Tables.Where(condition).Select(static table => table.Name)];
    }
}
