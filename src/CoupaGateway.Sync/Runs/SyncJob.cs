using System.Collections.Immutable;

namespace CoupaGateway.Sync.Runs;

/// <summary>One API table that waits for a worker or has one. There is at most one for each table of a connection.</summary>
internal sealed record SyncJob
{
    public required string RunId { get; init; }

    public required string Table { get; init; }

    public required LoadMode Mode { get; init; }

    public required RunTrigger Trigger { get; init; }

    public bool LooksBack { get; init; }

    public ImmutableArray<long> Keys { get; init; } = [];

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>Not to be begun before; null is at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How long it was to wait when <see cref="NotBefore"/> was set.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Whether it is still to wait. When that would be longer than it was ever to wait, the clock was put back since: it has waited enough.</summary>
    public bool IsWaiting(DateTimeOffset now) => NotBefore is { } begin && begin > now && !(begin - now > Delay);

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Somebody wants it to end.</summary>
    public bool IsCancelled { get; init; }
}
