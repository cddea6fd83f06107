using System.Collections.Immutable;

namespace CoupaGateway.Sync.Runs;

/// <summary>What to do to which tables of a connection.</summary>
public sealed record SyncRequest
{
    /// <summary>Names of API tables; empty stands for all.</summary>
    public ImmutableArray<string> Tables { get; init; } = [];

    public LoadMode Mode { get; init; } = LoadMode.Delta;

    /// <summary>For a delta: read far back, for changes that Coupa delivered late.</summary>
    public bool LooksBack { get; init; }

    public RunTrigger Trigger { get; init; } = RunTrigger.Manual;

    /// <summary>Keys of records by table; only for <see cref="LoadMode.Retry"/>.</summary>
    public ImmutableDictionary<string, ImmutableArray<long>> Keys { get; init; } = ImmutableDictionary<string, ImmutableArray<long>>.Empty;
}
