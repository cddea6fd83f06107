using System.Collections.Immutable;

namespace CoupaGateway.Telemetry;

/// <summary>Every instrument of the gateway: the one home of their names, units and attributes. The documents, dashboards and alerts are checked against it.</summary>
public static class Instruments
{
    private static readonly ImmutableArray<InstrumentInfo>.Builder Known = ImmutableArray.CreateBuilder<InstrumentInfo>();

    // Feeds
    public static readonly InstrumentInfo FeedDuration = Histogram(
        "gateway.feed.request.duration", "s", "Requests to feeds, from the first byte to the last", Labels.Connection, Labels.Table, Labels.Format, Labels.Status);

    public static readonly InstrumentInfo FeedRows = Counter(
        "gateway.feed.rows", "{row}", "Rows that feeds answered with", Labels.Connection, Labels.Table, Labels.Format);

    public static readonly InstrumentInfo FeedBytes = Counter(
        "gateway.feed.bytes", "By", "Bytes of feeds' answers as sent, compressed where they are", Labels.Connection, Labels.Table, Labels.Format);

    // Queries
    public static readonly InstrumentInfo QueryDuration = Histogram(
        "gateway.query.duration", "s", "Time that queries spent in DuckDB, without waiting for slow readers", Labels.QueryKind, Labels.Error);

    public static readonly InstrumentInfo QueryChunks = Counter(
        "gateway.query.chunks", "{chunk}", "Chunks that queries read, and those they could leave out", Labels.Connection, Labels.Table, Labels.ChunkUse);

    // Chunks and the cache server
    public static readonly InstrumentInfo ChunkRequests = Counter(
        "gateway.chunk.cache.requests", "{chunk}", "Chunks asked of the local folder", Labels.CacheResult);

    public static readonly InstrumentInfo ChunkBytes = Counter("gateway.chunk.cache.download", "By", "Bytes of chunks fetched out of Redis");

    public static readonly InstrumentInfo CacheDuration = Histogram(
        "db.client.operation.duration", "s", "Commands to the cache server, from asking to the answer", Labels.DbSystem, Labels.DbOperation);

    public static readonly InstrumentInfo CacheFailures = Counter("gateway.cache.connection.failures", "{failure}", "Connections to the cache server that were lost or could not be had", Labels.Error);

    public static readonly InstrumentInfo CacheConnected = Gauge("gateway.cache.connected", "1", "1 while the cache server can be reached, else 0");

    // Syncs
    public static readonly InstrumentInfo SyncDuration = Histogram(
        "gateway.sync.duration", "s", "Runs over an API table with what is nested in it", Labels.Connection, Labels.Table, Labels.SyncMode, Labels.SyncOutcome) with
    { IsLong = true };

    public static readonly InstrumentInfo SyncLag = Histogram(
        "gateway.sync.lag", "s", "From when a run was due or asked for to its commit", Labels.Connection, Labels.Table, Labels.SyncMode) with
    { IsLong = true };

    public static readonly InstrumentInfo SyncActive = UpDownCounter("gateway.sync.active", "{run}", "Runs that this process works on", Labels.Connection);

    public static readonly InstrumentInfo SyncRecords = Counter("gateway.sync.records", "{record}", "Records read", Labels.Connection, Labels.Table);

    public static readonly InstrumentInfo SyncRows = Counter(
        "gateway.sync.rows", "{row}", "Rows read by table, and rows changed and deleted by API table", Labels.Connection, Labels.Table, Labels.RowChange);

    public static readonly InstrumentInfo Pseudonymized = Counter(
        "gateway.sync.values.pseudonymized", "{value}", "Values replaced before they were stored, of runs that went well", Labels.Connection, Labels.Table);

    public static readonly InstrumentInfo UnfitValues = Counter(
        "gateway.sync.values.unfit", "{value}", "Values that did not fit their column, of runs that went well", Labels.Connection, Labels.Table);

    // Tables
    public static readonly InstrumentInfo TableAge = Gauge(
        "gateway.table.age", "s", "Time since the watermark of an API table and what is nested in it", Labels.Connection, Labels.Table);

    public static readonly InstrumentInfo TableRows = Gauge("gateway.table.rows", "{row}", "Rows of all tables that can be read", Labels.Connection);

    public static readonly InstrumentInfo TablesUnreadable = Gauge("gateway.tables.unreadable", "{table}", "Tables that are not loaded yet, or damaged", Labels.Connection);

    public static readonly InstrumentInfo DriftKeys = Gauge(
        "gateway.drift.keys", "{key}", "Keys that records have and the schema lacks, by what becomes of them", Labels.Connection, Labels.DriftState);

    // Coupa
    public static readonly InstrumentInfo CoupaRequests = Counter("coupa.requests", "{request}", "Requests that Coupa answered, by status", Labels.CoupaHost, Labels.Status);

    public static readonly InstrumentInfo CoupaRetries = Counter(
        "coupa.retries", "{retry}", "Attempts that failed and were tried again, by failure", Labels.CoupaHost, Labels.CoupaFailure);

    public static readonly InstrumentInfo CoupaBytes = Counter("coupa.response.bytes", "By", "Bytes of answers, decompressed", Labels.CoupaHost);

    public static readonly InstrumentInfo TokenRenewals = Counter("coupa.token.renewals", "{token}", "Tokens minted", Labels.CoupaHost);

    public static readonly InstrumentInfo TokenFailures = Counter("coupa.token.failures", "{failure}", "Tokens that could not be had", Labels.CoupaHost, Labels.CoupaFailure);

    public static readonly InstrumentInfo BudgetUsed = Gauge("coupa.budget.used", "{request}/s", "Requests a second of this process over the last five seconds", Labels.CoupaHost);

    public static readonly InstrumentInfo BudgetAllowed = Gauge("coupa.budget.allowed", "{request}/s", "Requests a second that are allowed now", Labels.CoupaHost);

    public static readonly InstrumentInfo BudgetWaiting = Gauge("coupa.budget.waiting", "{request}", "Requests that wait for their turn", Labels.CoupaHost);

    /// <summary>All of them, in the order of the document.</summary>
    public static readonly ImmutableArray<InstrumentInfo> All = Known.ToImmutable();

    private static InstrumentInfo Counter(string name, string unit, string description, params string[] attributes) => Add(InstrumentKind.Counter, name, unit, description, attributes);

    private static InstrumentInfo UpDownCounter(string name, string unit, string description, params string[] attributes) =>
        Add(InstrumentKind.UpDownCounter, name, unit, description, attributes);

    private static InstrumentInfo Histogram(string name, string unit, string description, params string[] attributes) => Add(InstrumentKind.Histogram, name, unit, description, attributes);

    private static InstrumentInfo Gauge(string name, string unit, string description, params string[] attributes) => Add(InstrumentKind.Gauge, name, unit, description, attributes);

    private static InstrumentInfo Add(InstrumentKind kind, string name, string unit, string description, string[] attributes)
    {
        var info = new InstrumentInfo(kind, name, unit, description, [.. attributes]);
        Known.Add(info);
        return info;
    }
}
