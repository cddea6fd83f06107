using System.Diagnostics.Metrics;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync;
using CoupaGateway.Telemetry;
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
        var meter = meters.Create(TelemetryNames.Meter);
        Instruments.TableAge.Gauge(meter, Measure);
        Instruments.TablesUnreadable.Gauge(meter, Count);
        Instruments.TableRows.Gauge(meter, CountRows);
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
        select new Measurement<double>(age.Value.TotalSeconds, new(Labels.Connection, connection), new(Labels.Table, name));

    private IEnumerable<Measurement<int>> Count() =>
        from connection in _schemas.Connections
        let schema = _schemas.Find(connection)
        where schema is not null
        select new Measurement<int>(schema.Tables.Count(table => IsUnreadable(connection, table)), new KeyValuePair<string, object?>(Labels.Connection, connection));

    private IEnumerable<Measurement<long>> CountRows() =>
        from connection in _schemas.Connections
        let schema = _schemas.Find(connection)
        where schema is not null
        let rows = schema.Tables.Sum(table => _catalog.FindCurrent(new TableId(connection, table.Name))?.Rows ?? 0)
        select new Measurement<long>(rows, new KeyValuePair<string, object?>(Labels.Connection, connection));
}
