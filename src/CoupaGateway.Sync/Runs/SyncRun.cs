using System.Collections.Immutable;

namespace CoupaGateway.Sync.Runs;

/// <summary>One run over tables of a connection, at one moment.</summary>
public sealed record SyncRun
{
    public required string Id { get; init; }

    public required string Connection { get; init; }

    /// <summary>What was asked for; a table tells what was done.</summary>
    public required LoadMode Mode { get; init; }

    public required RunTrigger Trigger { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Its API tables.</summary>
    public ImmutableArray<TableRun> Tables { get; init; } = [];

    public RunState State => Tables.Any(static table => table.State == RunState.Running) ? RunState.Running
        : Tables.Any(static table => table.State == RunState.Queued) ? (Tables.All(static table => table.State == RunState.Queued) ? RunState.Queued : RunState.Running)
        : Tables.Any(static table => table.State == RunState.Failed) ? RunState.Failed
        : Tables.Any(static table => table.State == RunState.Cancelled) ? RunState.Cancelled
        : RunState.Succeeded;

    /// <summary>Nothing more will happen.</summary>
    public bool IsOver => State is RunState.Succeeded or RunState.Failed or RunState.Cancelled;
}
