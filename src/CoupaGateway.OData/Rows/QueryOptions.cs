using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.OData.Rows;

/// <summary>Limits of the query engine. Configuration section <c>Query</c>.</summary>
public sealed class QueryOptions
{
    public const string Section = "Query";

    /// <summary>Native memory that all queries together may use, in bytes; beyond it they spill to <see cref="TempFolder"/>. The default is 1 GiB.</summary>
    [Range(64L << 20, long.MaxValue)]
    public long MemoryLimit { get; set; } = 1L << 30;

    /// <summary>
    /// Memory for rows that are looked up by their keys, in bytes: chunks that lookups come back to are kept in it in a form that needs no query. The default is 256 MiB; with 0, every lookup is a query.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long LookupMemory { get; set; } = 256L << 20;

    /// <summary>
    /// Memory for chunks that clients read page after page, in bytes: a chunk of 16,384 rows and 60 columns takes about 20 MB, and each client that reads is at the rest of one and at the next. What does not fit, and with
    /// 0 every page, is a query of its own. The default is 256 MiB; it is held only while clients read.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long PageMemory { get; set; } = 256L << 20;

    /// <summary>Threads that work on queries. The default, 0, is one for each processor.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary><see cref="Threads"/>, with the default worked out.</summary>
    internal int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Folder for sorts and groups that do not fit into memory. The default is a folder of this process below the system's temporary folder.</summary>
    public string? TempFolder { get; set; }

    /// <summary>Most bytes in <see cref="TempFolder"/>. The default is 4 GiB.</summary>
    [Range(0, long.MaxValue)]
    public long TempLimit { get; set; } = 4L << 30;

    /// <summary>
    /// Time that one query may spend in the engine; waiting for a slow client does not count. The default is 30 seconds.
    /// </summary>
    [TimeSpanRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Queries that run at the same time. The default is 16.</summary>
    [Range(1, 256)]
    public int MaxConcurrent { get; set; } = 16;

    /// <summary>Queries that wait for their turn; one more is told to come back. The default is 64.</summary>
    [Range(0, 10_000)]
    public int MaxQueued { get; set; } = 64;

    /// <summary>How long a query waits for its turn. The default is 2 seconds.</summary>
    [TimeSpanRange("00:00:00", "00:10:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
