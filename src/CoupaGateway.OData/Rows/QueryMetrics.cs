using System.Diagnostics;
using System.Diagnostics.Metrics;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Telemetry;

namespace CoupaGateway.OData.Rows;

/// <summary>Tells what queries took.</summary>
internal static class QueryMetrics
{
    private static readonly Meter Meter = new(TelemetryNames.Meter);
    private static readonly Histogram<double> Duration = Instruments.QueryDuration.Histogram(Meter);
    private static readonly Counter<long> Chunks = Instruments.QueryChunks.Counter(Meter);

    /// <summary>A query is over.</summary>
    /// <param name="inside">Time in DuckDB.</param>
    /// <param name="error">Kind of the failure; null when it went well.</param>
    public static void Ended(string kind, DateTimeOffset begun, TimeSpan inside, string? error)
    {
        var tags = new TagList { { Labels.QueryKind, kind } };
        if (error is not null)
            tags.Add(Labels.Error, error);
        Duration.Record(inside.TotalSeconds, tags);

        // Made when it is over, so that it is nobody's parent: what follows it in the request is no part of it.
        using var span = Spans.Source.StartActivity(Spans.Query, ActivityKind.Internal, parentContext: default, [.. tags], startTime: begun);
        span?.SetTag(Labels.DbSystem, "duckdb");
        if (error is not null)
            span.Fail(error);
    }

    /// <summary>So many chunks a query reads, and so many it can leave out.</summary>
    public static void Reads(TableId table, int scanned, int pruned)
    {
        Add(scanned, "scanned");
        Add(pruned, "pruned");

        void Add(int count, string use) => Chunks.Add(count, new(Labels.Connection, table.Connection), new(Labels.Table, table.Table), new(Labels.ChunkUse, use));
    }
}
