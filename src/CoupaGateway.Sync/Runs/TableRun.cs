using System.Collections.Immutable;

namespace CoupaGateway.Sync.Runs;

/// <summary>One API table, with everything nested in it, in a run.</summary>
public sealed record TableRun
{
    /// <summary>Name of the API table.</summary>
    public required string Table { get; init; }

    public RunState State { get; init; }

    /// <summary>How it is brought up to date: a full load where the mode asked for is not possible.</summary>
    public required LoadMode Mode { get; init; }

    /// <summary>Records read, also by processes that ended on the way.</summary>
    public long Records { get; init; }

    /// <summary>Records there will be in all; null while nothing can be said.</summary>
    public long? EstimatedRecords { get; init; }

    /// <summary>Rows staged, by table.</summary>
    public ImmutableDictionary<string, long> Rows { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Rows that are new or have another content.</summary>
    public long Changed { get; init; }

    /// <summary>Rows that are gone.</summary>
    public long Deleted { get; init; }

    /// <summary>Values that did not fit their column.</summary>
    public long BadValues { get; init; }

    /// <summary>Records that were left out, because they are no objects or have no usable key.</summary>
    public long UnusableRecords { get; init; }

    /// <summary>Requests sent to Coupa; what was tried again counts once.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that were made again.</summary>
    public long Retries { get; init; }

    /// <summary>Start of a delta's window; null for other modes.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of a delta's window; when the reading began, for other modes.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>JSON bytes read.</summary>
    public long Bytes { get; init; }

    /// <summary>The largest id read.</summary>
    public long? CurrentId { get; init; }

    /// <summary>Records a second since the start.</summary>
    public double? Rate { get; init; }

    public DateTimeOffset? EstimatedEnd { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often it was begun, by whichever process.</summary>
    public int Attempts { get; init; }

    /// <summary>The process that works on it, or did last: name of the machine and number of the process. Null before.</summary>
    public string? Worker { get; init; }

    /// <summary>Why it failed, or failed last, or what it waits for, in words for an operator.</summary>
    public string? Error { get; init; }
}
