using System.Collections.Immutable;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Snapshots;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Observing;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>Brings an API table with everything nested in it up to date, or goes on with what another process has begun.</summary>
/// <remarks>
/// <code>
///   1. begin     versions of all tables, a window of time or a range of ids, _changed_at
///   2. read      pages in the order of ids -> rows in pseudonyms -> staged chunks   OrderedReader, FamilyStage
///                from time to time everything is staged and the position kept   CheckpointFile
///   3. merge     staged rows into the tables as they are                        TableMerger
///   4. plan      what is to be committed is kept                                CheckpointFile
///   5. commit    after a change of the key together with other families           KeySwitch
///                all tables of the family at once, with the watermark; then the deletions     DeletionLog
///
///   full       reads all; what was there before and was not read is gone
///   delta      reads what changed within the window
///   reconcile  reads all keys; what is not among them is gone; then reads the records that are missing
///   retry      reads records by their keys
/// </code>
/// A process that ends at any point leaves uploads that expire by themselves, and a checkpoint. Whoever has lost its lease is refused at 2 or 5.
/// Records created during the run are left to the next delta.
/// <para>
/// _changed_at is when the run began, but always later than the last commit of any table of the family and the last deletion: it rises from version to
/// version of a table, so a reader that remembers the largest one it has read misses nothing, and of a row and its deletion the later one counts. That holds when the clock is
/// put back as well: commits and deletions are never earlier than the rows that came with them.
/// </para>
/// </remarks>
internal sealed class FamilyLoader(
    IRecordSourceFactory sources, ISnapshotStore store, ISyncStateStore state, IChunkWriter writer, TableMerger merger, DeletionLog deletions, KeySwitch keySwitch,
    ReadWindows windows, IPseudonymKeyring keyring, IOptions<LoadOptions> options, IOptions<CacheOptions> cache, TimeProvider time)
{
    // So few that the address stays short.
    private const int KeysPerRequest = 40;

    private readonly LoadOptions _options = options.Value;
    private readonly RowMemory _memory = new((long)options.Value.BufferMegabytes << 20);
    private readonly ReadAhead _ahead = new((long)options.Value.ReadAheadMegabytes << 20);

    /// <summary>Does what is wanted. What another run has left half done is finished before, unless it is a full load as well: that one is gone on with.</summary>
    /// <exception cref="CommitConflictException">Another worker has gone on with the family.</exception>
    /// <exception cref="HeldException">It is read, and waits for others to be committed with.</exception>
    public async Task RunAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        while (!await RunOnceAsync(job, cancellationToken))
        {
            // That was another run's.
        }
    }

    private async Task<bool> RunOnceAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        var file = new CheckpointFile(state, Id(job, 0), IdsOf(job));
        var checkpoint = await ResumeAsync(job, file, cancellationToken) ?? await BeginAsync(job, cancellationToken);
        var isOwn = checkpoint.RunId == job.RunId || (checkpoint is { Mode: LoadMode.Full, Plan: null } && job.Mode == LoadMode.Full);
        try
        {
            if (checkpoint.Plan is null)
            {
                await file.WriteAsync(checkpoint, cancellationToken);
                checkpoint = await PlanAsync(job, checkpoint, file, cancellationToken);
                await file.WriteAsync(checkpoint, cancellationToken);
            }

            // From here on it goes to the end, or it is finished later: a family is not to be left half new.
            job.Tracker.Committing();
            cancellationToken.ThrowIfCancellationRequested();
            await ForgetClearIdsAsync(job, cancellationToken);
            await keySwitch.SwitchAsync(job, checkpoint, cancellationToken);
            await CommitAsync(job, checkpoint, CancellationToken.None);
        }
        catch (Exception failure) when (failure is VersionChangedException or ChunkMissingException or UnknownKeysException)
        {
            await file.DeleteAsync(cancellationToken);
            throw;
        }

        await file.DeleteAsync(cancellationToken);
        return isOwn;
    }

    /// <summary>Whether everything is read already, and only to be committed.</summary>
    public async Task<bool> IsPlannedAsync(FamilyJob job, CancellationToken cancellationToken) =>
        await new CheckpointFile(state, Id(job, 0)).ReadAsync(cancellationToken) is { Plan: not null } found && found.IsOf(job.Family);

    /// <summary>Forgets what was read; a commit that was begun is left to the next run.</summary>
    public async Task AbandonAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        var file = new CheckpointFile(state, Id(job, 0));
        if (await file.ReadAsync(cancellationToken) is { Plan: null })
            await file.DeleteAsync(cancellationToken);
    }

    /// <summary>Before the commit: behind it, nothing would tell any more that there was something to forget.</summary>
    private async Task ForgetClearIdsAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        if (job.Root.Key[0].Pseudonym is not null && (await store.ReadCurrentAsync(Id(job, 0), cancellationToken))?.Pseudonyms?.ContainsKey(job.Root.Key[0].Name) is not true)
            await deletions.ForgetAsync(job.Connection.Name, [.. job.Family.Select(static table => table.Name)], cancellationToken);
    }

    /// <summary>What stands for the ids of the API table's records in all that is kept; null where they are in clear.</summary>
    private IdPermutation? IdsOf(FamilyJob job) => job.Root.Key[0].Pseudonym is { } mark ? keyring.Open(job.Connection.Name).IdsOf(mark) : null;

    private static TableId Id(FamilyJob job, int table) => new(job.Connection.Name, job.Family[table].Name);

    /// <summary>What is read of each record: a reconcile reads keys only.</summary>
    private static ImmutableArray<TableSchema> TablesRead(FamilyJob job, LoadMode mode) =>
        mode == LoadMode.Reconcile ? [job.Root with { Columns = [job.Root.Key[0]] }] : job.Family;

    private async Task<RunCheckpoint?> ResumeAsync(FamilyJob job, CheckpointFile file, CancellationToken cancellationToken)
    {
        var found = await file.ReadAsync(cancellationToken);
        if (found is null || !found.IsOf(job.Family))
            return null;

        if (found.Plan is not null)
            return found;

        // A delta where a full load is wanted would not do.
        if (found.Mode != await ResolveAsync(job, cancellationToken) || found.Mode == LoadMode.Retry)
            return null;

        for (var i = 0; i < found.Staged.Length; i++)
        {
            if (!await store.KeepStagedAsync(Id(job, i), found.Staged[i], cancellationToken))
                return null;
        }

        return found;
    }

    private async Task<LoadMode> ResolveAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        if (job.Mode == LoadMode.Full)
            return LoadMode.Full;

        var manifests = await ReadManifestsAsync(job, cancellationToken);
        return manifests.Select((manifest, i) => manifest?.SchemaFingerprint == job.Family[i].Fingerprint).Contains(false)
            || (job.Mode == LoadMode.Delta && (job.Root.Resource!.Watermark is null || manifests[0]!.Watermark is null))
            ? LoadMode.Full
            : job.Mode;
    }

    private async Task<TableManifest?[]> ReadManifestsAsync(FamilyJob job, CancellationToken cancellationToken) =>
        await Task.WhenAll(job.Family.Select((_, i) => store.ReadCurrentAsync(Id(job, i), cancellationToken)));

    private async Task<RunCheckpoint> BeginAsync(FamilyJob job, CancellationToken cancellationToken)
    {
        var mode = await ResolveAsync(job, cancellationToken);
        var manifests = await ReadManifestsAsync(job, cancellationToken);
        var now = time.GetUtcNow();
        var committed = manifests.Max(static manifest => manifest?.CommittedAt);
        var deleted = await deletions.ReadLastAsync(job.Connection.Name, cancellationToken);
        var newest = (deleted > committed || committed is null ? deleted : committed)?.AddMicroseconds(1) ?? now;
        var checkpoint = new RunCheckpoint
        {
            RunId = job.RunId,
            Mode = mode,
            ChangedAt = now > newest ? now : newest,
            Until = now,
            Fingerprints = [.. job.Family.Select(static table => table.Fingerprint)],
            Versions = [.. manifests.Select(static manifest => manifest?.Version ?? 0)],
        };
        return mode == LoadMode.Retry
            ? checkpoint
            : await windows.OpenAsync(job, checkpoint, mode == LoadMode.Delta ? manifests[0]!.Watermark : null, drawn => Source(job, drawn), cancellationToken);
    }

    private IRecordSource Source(FamilyJob job, RunCheckpoint checkpoint) => sources.Create(job.Connection, job.Root, checkpoint.Mode switch
    {
        LoadMode.Delta => RecordQuery.ChangedWithin(job.Root.Resource!.Watermark!, checkpoint.From!.Value, checkpoint.Until),
        LoadMode.Reconcile => RecordQuery.KeysOf(job.Root),
        _ => RecordQuery.All,
    });

    private FamilyStage Stage(FamilyJob job, ImmutableArray<TableSchema> family, RunCheckpoint checkpoint, ImmutableArray<ImmutableArray<ChunkInfo>> staged)
    {
        var secrets = keyring.OpenFor(job.Connection.Name, family);
        return new FamilyStage(store, writer, job.Connection.Name, family, secrets, checkpoint.ChangedAt, staged, _memory, job.Tracker);
    }

    private async Task<RunCheckpoint> PlanAsync(FamilyJob job, RunCheckpoint checkpoint, CheckpointFile file, CancellationToken cancellationToken)
    {
        checkpoint = await ReadAsync(job, checkpoint, file, cancellationToken);
        var manifests = await ReadManifestsAsync(job, cancellationToken);
        if (!manifests.Select(static manifest => manifest?.Version ?? 0).SequenceEqual(checkpoint.Versions))
            throw new VersionChangedException(Id(job, 0));

        var staged = checkpoint.Staged;
        IReadOnlyList<long>? roots = null;
        switch (checkpoint.Mode)
        {
            case LoadMode.Delta:
                roots = await merger.ReadRootKeysAsync(Id(job, 0), job.Root, staged[0], cancellationToken);
                break;
            case LoadMode.Reconcile:
                var keys = await merger.ReadRootKeysAsync(Id(job, 0), TablesRead(job, LoadMode.Reconcile)[0], staged[0], cancellationToken);
                var known = await merger.ReadRootKeysAsync(Id(job, 0), job.Root, manifests[0]!.Chunks, cancellationToken);
                staged = await FetchAsync(job, checkpoint, Without(keys, known), cancellationToken);
                roots = [.. Without(known, keys).Concat(await merger.ReadRootKeysAsync(Id(job, 0), job.Root, staged[0], cancellationToken)).Order()];
                break;
            case LoadMode.Retry:
                staged = await FetchAsync(job, checkpoint, [.. job.Keys.Distinct().Order()], cancellationToken);
                roots = await merger.ReadRootKeysAsync(Id(job, 0), job.Root, staged[0], cancellationToken);
                break;
            default:
                manifests = await Task.WhenAll(manifests.Select((manifest, i) => ComparableAsync(manifest, job.Family[i], cancellationToken)));
                break;
        }

        return checkpoint with { Plan = await MergeAsync(job, checkpoint, manifests, staged, roots, cancellationToken) };
    }

    /// <summary>The version that a full load is compared with: none when it has other columns or is damaged.</summary>
    private async Task<TableManifest?> ComparableAsync(TableManifest? manifest, TableSchema table, CancellationToken cancellationToken) =>
        manifest?.SchemaFingerprint == table.Fingerprint && (await store.FindMissingChunksAsync(manifest, cancellationToken)).Count == 0 ? manifest : null;

    private async Task<RunCheckpoint> ReadAsync(FamilyJob job, RunCheckpoint checkpoint, CheckpointFile file, CancellationToken cancellationToken)
    {
        var family = TablesRead(job, checkpoint.Mode);
        var source = Source(job, checkpoint);
        job.Tracker.Loading(checkpoint, family);
        job.Tracker.Follow(source);
        using var stage = Stage(job, family, checkpoint, checkpoint.Staged);
        var kept = time.GetTimestamp();
        var prolonged = kept;
        var mayFail = job.Connection.Observed is { CustomFields: ObservedAction.Fail } or { Others: ObservedAction.Fail };
        var isComplete = checkpoint is { Mode: LoadMode.Full, Position: null };
        if (checkpoint.Range is { } range && (checkpoint.Position ?? long.MinValue) < range.Last)
        {
            var rest = checkpoint.Position is { } position ? range with { First = Math.Max(range.First, position + 1) } : range;
            if (!job.Root.Resource!.IdIsUnique && checkpoint.Position is not null)
                stage.Remember(await merger.ReadRootKeysAsync(Id(job, 0), family[0], checkpoint.Staged[0], cancellationToken));

            await foreach (var page in new OrderedReader(source, _options, _ahead).ReadAsync(rest, cancellationToken))
            {
                // Of an id that several records share, more may come with the next page.
                var done = page.LastId is { } last && !job.Root.Resource.IdIsUnique ? last - 1 : page.LastId;
                await stage.AddAsync(page, cancellationToken);
                if (done is null || time.GetElapsedTime(kept) < _options.CheckpointInterval)
                    continue;

                checkpoint = await KeepAsync(checkpoint with { Position = done });
                await file.WriteAsync(checkpoint, cancellationToken);
                kept = time.GetTimestamp();
                if (time.GetElapsedTime(prolonged) < cache.Value.StagedLifetime / 4)
                    continue;

                prolonged = kept;
                for (var i = 0; i < family.Length; i++)
                    await store.KeepStagedAsync(Id(job, i), checkpoint.Staged[i], cancellationToken);
            }
        }

        checkpoint = await KeepAsync(checkpoint with { Position = checkpoint.Range?.Last });
        var findings = stage.Findings;
        job.Tracker.Found(findings with { Observed = findings.Observed with { IsComplete = isComplete } });
        return checkpoint;

        async Task<RunCheckpoint> KeepAsync(RunCheckpoint next)
        {
            await stage.FlushAsync(cancellationToken);
            if (mayFail)
                FailOnUnknownKeys(job, stage.Findings);
            return next with { Staged = stage.Staged, Records = job.Tracker.Current.Parents, Bytes = job.Tracker.Current.Bytes };
        }
    }

    /// <summary>Where the policy is to fail, before the position is kept: a run that goes on from there would not see the keys again.</summary>
    private static void FailOnUnknownKeys(FamilyJob job, FlattenFindings findings)
    {
        var unknown = findings.Observed.Keys.Select(static seen => (seen.Count, Key: new ObservedKey { Table = seen.Table, Path = seen.Path }))
            .Where(seen => seen.Count > 0 && job.Connection.Observed.For(seen.Key) == ObservedAction.Fail
                && job.Schema.TryGetTable(seen.Key.Table, out var table) && ObservedColumns.Find(table, seen.Key) is null)
            .Select(static seen => (seen.Key.Table, string.Join('.', seen.Key.Path))).ToArray();
        if (unknown.Length == 0)
            return;

        job.Tracker.Found(findings);
        throw new UnknownKeysException(unknown);
    }

    /// <summary>Reads records by their keys, as the tables have them; those that Coupa no longer has do not come.</summary>
    private async Task<ImmutableArray<ImmutableArray<ChunkInfo>>> FetchAsync(FamilyJob job, RunCheckpoint checkpoint, IReadOnlyList<long> keys, CancellationToken cancellationToken)
    {
        using var stage = Stage(job, job.Family, checkpoint, []);
        if (IdsOf(job) is { } ids)
            keys = [.. keys.Where(IdPermutation.Contains).Select(ids.Invert).Order()];
        foreach (var some in keys.Chunk(KeysPerRequest))
        {
            var source = sources.Create(job.Connection, job.Root, RecordQuery.WithKeys(job.Root, some));
            job.Tracker.Follow(source);
            await foreach (var page in source.ReadAsync(new IdRange(long.MinValue, long.MaxValue), cancellationToken))
                await stage.AddAsync(page, cancellationToken);
        }

        await stage.FlushAsync(cancellationToken);
        job.Tracker.Found(stage.Findings);
        return stage.Staged;
    }

    private async Task<CommitPlan> MergeAsync(
        FamilyJob job, RunCheckpoint checkpoint, TableManifest?[] manifests, ImmutableArray<ImmutableArray<ChunkInfo>> staged, IReadOnlyList<long>? roots, CancellationToken cancellationToken)
    {
        using var gone = new DeletionStage(store, writer, new TableId(job.Connection.Name, SystemTables.DeletedRecords.Name));
        var watermark = checkpoint.Mode is LoadMode.Full or LoadMode.Delta ? checkpoint.Until : manifests[0]!.Watermark;
        var tables = new PlannedTable[job.Family.Length];
        for (var i = 0; i < tables.Length; i++)
        {
            var table = job.Family[i];
            var merged = await merger.MergeAsync(
                Id(job, i), table, manifests[i], staged[i], roots, keys => gone.AddAsync(table.Name, keys, cancellationToken), cancellationToken);
            job.Tracker.Merged(merged.Changed, merged.Deleted);

            // The API table brings the watermark, also when no row is different.
            var commits = merged.IsChanged || manifests[i] is null || (i == 0 && manifests[0]!.Watermark != watermark);
            tables[i] = new PlannedTable(commits ? checkpoint.Versions[i] + 1 : 0, commits ? merged.Chunks : []);
        }

        return new CommitPlan([.. tables], watermark, await gone.FinishAsync(cancellationToken));
    }

    private async Task CommitAsync(FamilyJob job, RunCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        ImmutableArray<TableManifest> manifests = [.. checkpoint.Manifests(job.Connection.Name, job.Family, time.GetUtcNow())];

        // Refused, and yet there: an earlier try, before a crash, got this far.
        if (!await store.CommitAsync(manifests, cancellationToken) && (await store.FindOvertakenAsync(manifests, cancellationToken)).Count > 0)
            throw new VersionChangedException(Id(job, 0));

        await deletions.AppendAsync(job.Connection.Name, checkpoint.Plan!.Deleted, checkpoint.ChangedAt, cancellationToken);
    }

    /// <summary>What is in the first list and not in the second; both rise.</summary>
    private static List<long> Without(IReadOnlyList<long> all, IReadOnlyList<long> others)
    {
        var rest = new List<long>();
        var place = 0;
        foreach (var value in all)
        {
            while (place < others.Count && others[place] < value)
                place++;

            if (place == others.Count || others[place] != value)
                rest.Add(value);
        }

        return rest;
    }
}
