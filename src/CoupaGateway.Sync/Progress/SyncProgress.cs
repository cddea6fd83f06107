using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace CoupaGateway.Sync.Progress;

/// <summary>Keeps the tracker of each API table's newest load.</summary>
internal sealed class SyncProgress(TimeProvider time) : ISyncProgress
{
    private readonly ConcurrentDictionary<(string Connection, string Table), string> _expected = [];
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

    /// <summary>Shows a table as waiting, once for each run.</summary>
    public void Expect(string connection, string table, string run)
    {
        if (_expected.GetValueOrDefault((connection, table)) == run)
            return;

        _expected[(connection, table)] = run;
        Start(connection, table);
    }

    public ImmutableArray<TableProgress> Snapshot() => [.. Volatile.Read(ref _trackers).Select(static tracker => tracker.Current)];
}
