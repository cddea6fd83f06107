using System.Collections.Immutable;

namespace CoupaGateway.Sync.Progress;

/// <summary>How the loads of this process go.</summary>
public interface ISyncProgress
{
    /// <summary>The newest load of every API table that was asked for since the start, in the order in which they were. Cheap: poll it as often as you like.</summary>
    ImmutableArray<TableProgress> Snapshot();
}
