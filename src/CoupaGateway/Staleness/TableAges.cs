using System.Diagnostics.Metrics;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Staleness;

/// <summary>
/// How old tables are: the time since their watermark, which is that of the API table. A resource without a time of change counts from its commit.
/// Tells it to the meter <c>CoupaGateway</c> as well.
/// </summary>
internal sealed class TableAges
{
    private readonly ISchemaProvider _schemas;
    private readonly ISnapshotCatalog _catalog;
    private readonly IOptionsMonitor<StalenessOptions> _options;
    private readonly TimeProvider _time;

    public TableAges(ISchemaProvider schemas, ISnapshotCatalog catalog, IOptionsMonitor<StalenessOptions> options, TimeProvider time, IMeterFactory meters)
    {
        (_schemas, _catalog, _options, _time) = (schemas, catalog, options, time);

        // The factory owns the meter and disposes it.
        var meter = meters.Create("CoupaGateway");
        meter.CreateObservableGauge("gateway.table.age", Measure, "s", "Time since the watermark of an API table and what is nested in it");
        meter.CreateObservableGauge("gateway.tables.unreadable", Count, "{table}", "Tables that are not loaded yet, or damaged");
    }

    /// <summary>Up to when the table has what Coupa had; null before the first load.</summary>
    public DateTimeOffset? FindWatermark(string connection, TableSchema table) =>
        _catalog.FindCurrent(new TableId(connection, table.Root)) is { } manifest ? manifest.Watermark ?? manifest.CommittedAt : null;

    /// <summary>Null before the first load.</summary>
    public TimeSpan? Find(string connection, TableSchema table) => FindWatermark(connection, table) is { } watermark ? Max(_time.GetUtcNow() - watermark) : null;

    public bool IsStale(TimeSpan? age) => age > _options.CurrentValue.Threshold;

    public bool IsUnreadable(string connection, TableSchema table)
    {
        var id = new TableId(connection, table.Name);
        return _catalog.FindCurrent(id) is null || _catalog.IsDamaged(id);
    }

    // Clocks differ.
    private static TimeSpan Max(TimeSpan age) => age > TimeSpan.Zero ? age : TimeSpan.Zero;

    private IEnumerable<Measurement<double>> Measure() =>
        from connection in _schemas.Connections
        let schema = _schemas.Find(connection)
        where schema is not null
        from name in schema.ApiTables()
        let age = schema.TryGetTable(name, out var table) ? Find(connection, table) : null
        where age is not null
        select new Measurement<double>(age.Value.TotalSeconds, new("gateway.connection", connection), new("gateway.table", name));

    private IEnumerable<Measurement<int>> Count() =>
        from connection in _schemas.Connections
        let schema = _schemas.Find(connection)
        where schema is not null
        select new Measurement<int>(schema.Tables.Count(table => IsUnreadable(connection, table)), new KeyValuePair<string, object?>("gateway.connection", connection));
}
