using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.OData.Feed;

/// <summary>How the feeds answer; bound from the configuration section <c>Feed</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>The configuration section that the options are bound from.</summary>
    public const string Section = "Feed";

    /// <summary>
    /// The address that clients reach the gateway under, with the path prefix of a reverse proxy if there is one
    /// (<c>https://data.example.com/coupa</c>). The default is none: links are built from the request's scheme, host and path base.
    /// </summary>
    public Uri? PublicBaseAddress { get; set; }

    /// <summary>
    /// When answers are compressed. The default is <see cref="FeedCompression.UnlessCrossSite"/>; it says why.
    /// </summary>
    [EnumDataType(typeof(FeedCompression))]
    public FeedCompression Compression { get; set; } = FeedCompression.UnlessCrossSite;

    /// <summary>Rows in a page when the client asks for no size. The default is 5,000.</summary>
    [Range(1, 1_000_000)]
    public int DefaultPageSize { get; set; } = 5_000;

    /// <summary>Most rows in a page, whatever the client asks for. The default is 50,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxPageSize { get; set; } = 50_000;

    /// <summary>Most characters of path and query together. The default is 16,384.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxUrlLength { get; set; } = 16_384;

    /// <summary>Most bytes of a query that is sent as the body of <c>POST …/$query</c>. The default is 1 MiB.</summary>
    [Range(1_024, 64 << 20)]
    public int MaxQueryBytes { get; set; } = 1 << 20;

    /// <summary>Most requests in a <c>$batch</c>. The default is 100.</summary>
    [Range(1, 1_000)]
    public int MaxBatchRequests { get; set; } = 100;

    /// <summary>Most bytes of a <c>$batch</c>. The default is 1 MiB.</summary>
    [Range(1_024, 64 << 20)]
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>
    /// How old a <c>$deltatoken</c> may be: no longer than deletions are kept. The default is 30 days; the gateway takes it from how long its loads keep them.
    /// </summary>
    [TimeSpanRange("00:00:01", "3650.00:00:00")]
    public TimeSpan DeltaHistory { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Deepest nesting of an expression in <c>$filter</c> or <c>$orderby</c>. The default is 100.</summary>
    [Range(1, 500)]
    public int MaxExpressionDepth { get; set; } = 100;

    /// <summary>Most operators, functions, properties and literals in one expression. The default is 10,000.</summary>
    [Range(1, 100_000)]
    public int MaxExpressionNodes { get; set; } = 10_000;

    /// <summary>Most uses of navigation properties in the expressions of one request: each reads a table. The default is 20.</summary>
    [Range(0, 100)]
    public int MaxNavigations { get; set; } = 20;

    /// <summary>Levels of <c>$expand</c> inside one another. The default is 5.</summary>
    [Range(1, 20)]
    public int MaxExpandDepth { get; set; } = 5;

    /// <summary>Most navigation properties that one request expands, each of which is a query of its own. The default is 8.</summary>
    [Range(1, 100)]
    public int MaxExpandItems { get; set; } = 8;

    /// <summary>Most rows of an expanded collection inside one row, which are never more than a page may have; a link leads to the others. The default is 5,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxExpandRows { get; set; } = 5_000;

    /// <summary>Most transformations in <c>$apply</c>. The default is 50.</summary>
    [Range(0, 500)]
    public int MaxTransformations { get; set; } = 50;

    /// <summary>Most keys in <c>$orderby</c>. The default is 16.</summary>
    [Range(1, 100)]
    public int MaxOrderByKeys { get; set; } = 16;

    /// <summary>
    /// Bytes of a response that may wait for a client before the query waits, too. The default is 1 MiB: with Kestrel's own 64 KiB, encoder and
    /// socket wait for each other in turn.
    /// </summary>
    [Range(65_536, 1 << 30)]
    public int SendBuffer { get; set; } = 1 << 20;

    /// <summary>What <c>Retry-After</c> says while a table is loading, damaged, or the engine is busy. The default is five seconds.</summary>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
