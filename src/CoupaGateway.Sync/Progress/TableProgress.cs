using System.Collections.Immutable;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Progress;

/// <summary>The load of one API table and everything nested in it, at one moment.</summary>
public sealed record TableProgress
{
    /// <summary>A load that takes longer is none: the figures are of a clock that was set.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public required string Connection { get; init; }

    /// <summary>Name of the API table.</summary>
    public required string Table { get; init; }

    public TableState State { get; init; }

    /// <summary>How it is loaded; a full load where the one asked for is not possible.</summary>
    public LoadMode Mode { get; init; }

    /// <summary>Records read and stored so far.</summary>
    public long Parents { get; init; }

    /// <summary>Records there will be in all, judged by how far the ids have come; null while nothing can be said.</summary>
    public long? EstimatedParents { get; init; }

    /// <summary>Rows in uploaded chunks, by table of the family.</summary>
    public ImmutableDictionary<string, long> Rows { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>The largest id read; null before the first page.</summary>
    public long? CurrentId { get; init; }

    /// <summary>Rows of all tables that are new or have another content; known at the commit.</summary>
    public long Changed { get; init; }

    /// <summary>Rows of all tables that are gone; known at the commit.</summary>
    public long Deleted { get; init; }

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

    /// <summary>Values that did not fit their column.</summary>
    public long BadValues { get; init; }

    /// <summary>What was odd about the records; complete once the table is loaded.</summary>
    public FlattenFindings Findings { get; init; } = FlattenFindings.None;

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why the load failed, fit for an operator; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>Whether what failed may well go right a moment later: the cache server was away, or another worker was first.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Records a second since the start; null while nothing can be said.</summary>
    public double? RecordsPerSecond(DateTimeOffset now) =>
        StartedAt is { } start && Parents > 0 && ((EndedAt ?? now) - start).TotalSeconds is > 0 and var seconds ? Parents / seconds : null;

    /// <summary>How long the reading will take from now on; null while nothing can be said, as for a while after the clock was set.</summary>
    public TimeSpan? Left(DateTimeOffset now) =>
        State == TableState.Loading && EstimatedParents is { } all && RecordsPerSecond(now) is { } rate && Math.Max(0, all - Parents) / rate is var seconds && seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
