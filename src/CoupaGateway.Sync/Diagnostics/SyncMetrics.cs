using System.Diagnostics;
using System.Diagnostics.Metrics;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Telemetry;

namespace CoupaGateway.Sync.Diagnostics;

/// <summary>Tells what syncs do.</summary>
internal static class SyncMetrics
{
    private static readonly Meter Meter = new(TelemetryNames.Meter);
    private static readonly Histogram<double> Duration = Instruments.SyncDuration.Histogram(Meter);
    private static readonly Histogram<double> Lag = Instruments.SyncLag.Histogram(Meter);
    private static readonly UpDownCounter<long> Active = Instruments.SyncActive.UpDownCounter(Meter);
    private static readonly Counter<long> Records = Instruments.SyncRecords.Counter(Meter);
    private static readonly Counter<long> Rows = Instruments.SyncRows.Counter(Meter);
    private static readonly Counter<long> Pseudonymized = Instruments.Pseudonymized.Counter(Meter);
    private static readonly Counter<long> Unfit = Instruments.UnfitValues.Counter(Meter);

    public static void Began(string connection) => Active.Add(1, new KeyValuePair<string, object?>(Labels.Connection, connection));

    public static void Ended(TableProgress done, string outcome, TimeSpan duration)
    {
        Active.Add(-1, new KeyValuePair<string, object?>(Labels.Connection, done.Connection));
        Duration.Record(duration.TotalSeconds, new TagList
        {
            { Labels.Connection, done.Connection },
            { Labels.Table, done.Table },
            { Labels.SyncMode, NameOf(done.Mode) },
            { Labels.SyncOutcome, outcome },
        });
    }

    /// <summary>What a run that went well has found.</summary>
    public static void Found(TableProgress done)
    {
        foreach (var table in done.Findings.Pseudonyms.GroupBy(static column => column.Table))
            Add(Pseudonymized, table.Sum(static column => column.Values), done.Connection, table.Key);
        foreach (var table in done.Findings.BadValues.GroupBy(static column => column.Table))
            Add(Unfit, table.Sum(static column => column.Count), done.Connection, table.Key);
    }

    /// <summary>A run is committed so long after it was due or asked for.</summary>
    public static void Committed(TableProgress done, TimeSpan lag) => Lag.Record(
        lag.TotalSeconds, new(Labels.Connection, done.Connection), new(Labels.Table, done.Table), new(Labels.SyncMode, NameOf(done.Mode)));

    public static void Read(string connection, string table, int records) => Add(Records, records, connection, table);

    /// <param name="change">See <see cref="Labels.RowChange"/>.</param>
    public static void Took(string connection, string table, string change, long rows) =>
        Rows.Add(rows, new(Labels.Connection, connection), new(Labels.Table, table), new(Labels.RowChange, change));

    /// <summary>How a mode is called in metrics and spans.</summary>
    public static string NameOf(LoadMode mode) => mode switch
    {
        LoadMode.Full => "full",
        LoadMode.Delta => "delta",
        LoadMode.Reconcile => "reconcile",
        _ => "retry",
    };

    /// <summary>How an outcome is called in metrics and spans.</summary>
    public static string NameOf(LoadOutcome outcome) => outcome switch
    {
        LoadOutcome.Succeeded => "succeeded",
        LoadOutcome.Held => "held",
        _ => "failed",
    };

    private static void Add(Counter<long> counter, long value, string connection, string table) => counter.Add(value, new(Labels.Connection, connection), new(Labels.Table, table));
}
