using System.Diagnostics;

namespace CoupaGateway.Telemetry;

/// <summary>The spans of the gateway. Their names and attributes hold names of tables and kinds of things, never a value, a key or a query.</summary>
/// <remarks>
/// <code>
///   GET /odata/{connection}/…   (ASP.NET Core)           sync {table}
///    ├ query                                              └ page
///    └ chunk
/// </code>
/// </remarks>
public static class Spans
{
    /// <summary>A query in DuckDB.</summary>
    public const string Query = "query";

    /// <summary>The download of a chunk out of Redis.</summary>
    public const string Chunk = "chunk";

    /// <summary>A run over one API table and what is nested in it.</summary>
    public const string Sync = "sync";

    /// <summary>A request to Coupa with its retries.</summary>
    public const string Page = "page";

    public static ActivitySource Source { get; } = new(TelemetryNames.ActivitySource);

    /// <summary>Says that the span's work failed, by a kind and not by a message: messages can hold values.</summary>
    public static void Fail(this Activity? activity, string kind) => activity?.SetTag(Labels.Error, kind).SetStatus(ActivityStatusCode.Error);
}
