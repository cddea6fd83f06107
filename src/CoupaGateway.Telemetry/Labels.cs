namespace CoupaGateway.Telemetry;

/// <summary>Attributes of metrics and spans. Those of OpenTelemetry's conventions have their names there.</summary>
public static class Labels
{
    /// <summary>Name of a connection.</summary>
    public const string Connection = "gateway.connection";

    /// <summary>Name of a table.</summary>
    public const string Table = "gateway.table";

    /// <summary><c>json</c>, <c>xml</c>, <c>text</c>, <c>csv</c>, <c>parquet</c>, <c>arrow</c> or <c>none</c>.</summary>
    public const string Format = "gateway.feed.format";

    /// <summary><c>short</c> for a chunk or two, <c>scan</c> for more, <c>export</c> into a file.</summary>
    public const string QueryKind = "gateway.query.kind";

    /// <summary><c>scanned</c> or <c>pruned</c>.</summary>
    public const string ChunkUse = "gateway.chunk.use";

    /// <summary><c>hit</c> for a file that was there, <c>miss</c> for a download.</summary>
    public const string CacheResult = "gateway.chunk.cache.result";

    /// <summary><c>full</c>, <c>delta</c>, <c>reconcile</c> or <c>retry</c>.</summary>
    public const string SyncMode = "gateway.sync.mode";

    /// <summary><c>succeeded</c>, <c>failed</c>, <c>held</c> until other tables are read too, or <c>stopped</c>.</summary>
    public const string SyncOutcome = "gateway.sync.outcome";

    /// <summary><c>read</c>, <c>changed</c> or <c>deleted</c>.</summary>
    public const string RowChange = "gateway.sync.row.change";

    /// <summary><c>column</c>, <c>ignored</c>, <c>failing</c> or <c>nested</c>.</summary>
    public const string DriftState = "gateway.drift.state";

    /// <summary>Identifier of a run.</summary>
    public const string Run = "gateway.sync.run";

    /// <summary>Host of a Coupa instance.</summary>
    public const string CoupaHost = "coupa.host";

    /// <summary>A failure's code, as the connection test has it.</summary>
    public const string CoupaFailure = "coupa.failure";

    public const string Status = "http.response.status_code";
    public const string Error = "error.type";
    public const string DbSystem = "db.system.name";
    public const string DbOperation = "db.operation.name";
}
