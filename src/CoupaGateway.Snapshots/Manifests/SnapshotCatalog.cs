using System.Collections.Immutable;
using CoupaGateway.Snapshots.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>The newest manifests in memory. <see cref="CatalogFollower"/> keeps it up to date by <see cref="RefreshAsync"/>.</summary>
internal sealed class SnapshotCatalog(
    ICacheServer redis, ISnapshotStore store, IOptions<CacheOptions> options, TimeProvider time, ILogger<SnapshotCatalog> logger) : ISnapshotCatalog
{
    private const int OldVersionsKept = 256;

    private readonly VersionCache _old = new(OldVersionsKept, options.Value.Retention, time);
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CatalogState _state = CatalogState.Empty;

    public event Action<TableId>? Damaged;

    public IReadOnlyCollection<TableManifest> ListCurrent(string connection) =>
        [.. Volatile.Read(ref _state).Current.Values.Where(manifest => manifest.Table.Connection == connection)
            .OrderBy(static manifest => manifest.Table.Table, StringComparer.Ordinal)];

    public TableManifest? FindCurrent(TableId table) => Volatile.Read(ref _state).Current.GetValueOrDefault(table);

    public async ValueTask<TableManifest?> FindVersionAsync(TableId table, long version, CancellationToken cancellationToken)
    {
        if (FindCurrent(table) is { } current && current.Version == version)
            return current;
        if (_old.Find(table, version) is { } remembered)
            return remembered;
        var manifest = await store.ReadVersionAsync(table, version, cancellationToken);
        if (manifest is not null)
            _old.Add(manifest);
        return manifest;
    }

    public bool IsDamaged(TableId table)
    {
        var state = Volatile.Read(ref _state);
        return state.Damaged.TryGetValue(table, out var version)
            && (!state.Current.TryGetValue(table, out var current) || current.Version == version);
    }

    public void ReportDamaged(TableId table, long version) => Report(table, version, missing: 1);

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    /// <summary>Takes over what changed in Redis since the last time.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var db = (await redis.ConnectAsync(cancellationToken)).GetDatabase();
        var heads = await ReadHeadsAsync(db);
        var known = Volatile.Read(ref _state);
        var changed = heads.Where(head => !known.Heads.TryGetValue(head.Key, out var before) || before != head.Value).ToList();
        var manifests = new List<(TableId Table, TableHead Head, TableManifest Manifest)>(changed.Count);
        foreach (var (table, head) in changed)
        {
            if (await store.ReadCurrentAsync(table, cancellationToken) is { } manifest)
                manifests.Add((table, head, manifest));
            else
                ReportManifestMissing(table, head);
        }

        if (manifests.Count > 0)
            Take(manifests);
        foreach (var table in known.Heads.Keys.Except(heads.Keys))
            Forget(table);
        _loaded.TrySetResult();
    }

    /// <summary>Looks whether Redis still has every chunk that the current manifests name.</summary>
    internal async Task VerifyAsync(CancellationToken cancellationToken)
    {
        foreach (var manifest in Volatile.Read(ref _state).Current.Values)
        {
            var missing = await store.FindMissingChunksAsync(manifest, cancellationToken);
            if (missing.Count > 0 && !IsDamaged(manifest.Table) && FindCurrent(manifest.Table)?.Version == manifest.Version)
                Report(manifest.Table, manifest.Version, missing.Count);
        }
    }

    private static async Task<Dictionary<TableId, TableHead>> ReadHeadsAsync(IDatabase db)
    {
        var heads = new Dictionary<TableId, TableHead>();
        foreach (var connection in await db.SortedSetRangeByRankAsync(RedisKeys.Connections))
        {
            foreach (var field in await db.HashGetAllAsync(RedisKeys.Heads(connection.ToString())))
            {
                if (TableHead.Parse(field.Value) is { Version: > 0 } head)
                    heads.Add(new TableId(connection.ToString(), field.Name.ToString()), head);
            }
        }

        return heads;
    }

    /// <summary>All at once: what was committed together is seen together.</summary>
    private void Take(List<(TableId Table, TableHead Head, TableManifest Manifest)> changed)
    {
        foreach (var (table, _, manifest) in changed)
        {
            if (FindCurrent(table) is not { } replaced)
                continue;
            if (replaced.Version < manifest.Version)
                _old.Add(replaced);
            else
                _old.RemoveTable(table); // begun anew: the numbers mean other rows now
        }

        Change(state => state with
        {
            Current = state.Current.SetItems(changed.Select(static one => KeyValuePair.Create(one.Table, one.Manifest))),
            Heads = state.Heads.SetItems(changed.Select(static one => KeyValuePair.Create(one.Table, one.Head))),
            Damaged = state.Damaged.RemoveRange(changed.Select(static one => one.Table)),
        });
    }

    private void Forget(TableId table)
    {
        _old.RemoveTable(table);
        Change(state => state with
        {
            Current = state.Current.Remove(table),
            Heads = state.Heads.Remove(table),
            Damaged = state.Damaged.Remove(table),
        });
    }

    private void Report(TableId table, long version, int missing)
    {
        if (FindCurrent(table)?.Version != version)
            return; // an old version: its time is over, or the table was loaded again already
        if (!MarkDamaged(table, version))
            return;
        SnapshotsLog.TableDamaged(logger, table, version, missing);
        Damaged?.Invoke(table);
    }

    private void ReportManifestMissing(TableId table, TableHead head)
    {
        if (!MarkDamaged(table, head.Version))
            return;
        SnapshotsLog.ManifestMissing(logger, table);
        Damaged?.Invoke(table);
    }

    /// <returns>False when it was known.</returns>
    private bool MarkDamaged(TableId table, long version) => ImmutableInterlocked.Update(
        ref _state,
        state => state.Damaged.TryGetValue(table, out var known) && known == version ? state : state with { Damaged = state.Damaged.SetItem(table, version) });

    private void Change(Func<CatalogState, CatalogState> change) => ImmutableInterlocked.Update(ref _state, change);
}
