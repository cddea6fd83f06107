using System.Collections.Immutable;

namespace CoupaGateway.Sync.Progress;

/// <summary>Keeps the tracker of each API table's newest load.</summary>
internal sealed class SyncProgress(TimeProvider time) : ISyncProgress
{
    private ImmutableList<TableTracker> _trackers = [];

    public TableTracker Start(string connection, string table)
    {
        var tracker = new TableTracker(connection, table, time);
        ImmutableInterlocked.Update(
            ref _trackers,
            static (all, added) => all.RemoveAll(known => known.Current.Connection == added.Current.Connection && known.Current.Table == added.Current.Table).Add(added),
            tracker);
        return tracker;
    }

    public ImmutableArray<TableProgress> Snapshot() => [.. Volatile.Read(ref _trackers).Select(static tracker => tracker.Current)];
}
