using System.Security.Cryptography;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>
/// Tables in Redis. A key is persistent only while a table's head leads to it; everything else has a time to live.
/// <code>
///  upload      SET chunk, time to live "staged" (6 h)                          crash: chunks expire
///  commit  1.  every chunk is there; those that live too short: "staged" again crash: the same
///          2.  connection -> cg:connections                                    crash: a name without tables
///          3.  one transaction in the connection's slot, if the heads are still those that were read; for each table:
///                heads[table] = version, manifest:version, chunks + manifest -> kept
///                                                                              crash: readers have the new version; chunks live on for "staged"
///          4.  publish                                                         crash: followers poll
///          5.  settle each table: for each key in "kept"                       crash: any settle finishes it
///                led to by the head  -> PERSIST
///                else, no time to live -> EXPIRE "retention" (1 h)
///                else, gone          -> out of "kept", if the head is still the same
///              until the head is still the one it began with
/// </code>
/// Settle goes by what is, not by what was done: it can run at any time, twice, by anyone, late. A stale worker that persists or releases
/// the wrong key sees afterwards that the head changed and settles again; if it dies first, the next settle (next commit, start of any
/// gateway, every <see cref="CacheOptions.TidyInterval"/>) does. Nothing that became persistent is ever missing in "kept", since step 3
/// writes it there before step 5 makes it so.
/// </summary>
internal sealed class SnapshotStore(ICacheServer redis, IOptions<CacheOptions> options, ILogger<SnapshotStore> logger) : ISnapshotStore, IDisposable
{
    // EXPIRE and PERSIST are sent only for keys that live on for sure: Garnet 2.2.8 answers them with garbage for a key that expired while it
    // was on disk (docs/decisions/0001-embedded-garnet.md), and for any server a key about to expire is as good as gone.
    private static readonly TimeSpan AboutToExpire = TimeSpan.FromSeconds(1);

    // Chunks of a replaced version outlive its manifest: whoever can still read the manifest can read its chunks.
    private static readonly TimeSpan ChunkGrace = TimeSpan.FromSeconds(30);

    private readonly CacheOptions _options = options.Value;
    private readonly SemaphoreSlim _transfers = new(options.Value.ParallelTransfers);

    /// <summary>Called between the steps of a commit; tests throw from it.</summary>
    internal Action<CommitStep>? AfterStep { get; set; }

    public async Task<TableManifest?> ReadCurrentAsync(TableId table, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        while (await ReadHeadAsync(db, table) is { Version: > 0 } head)
        {
            if (await ReadManifestAsync(db, table, head.Version) is { } manifest)
                return manifest;
            if (await ReadHeadAsync(db, table) == head)
                return null; // Redis lost the manifest: the table is as good as never committed
        }

        return null;
    }

    public async Task<TableManifest?> ReadVersionAsync(TableId table, long version, CancellationToken cancellationToken) =>
        version < 1 ? null : await ReadManifestAsync(await DatabaseAsync(cancellationToken), table, version);

    public async Task<IReadOnlyList<TableManifest>> ListAsync(string connection, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var tables = await db.HashKeysAsync(RedisKeys.Heads(connection));
        var manifests = await Task.WhenAll(tables.Select(name => ReadCurrentAsync(new TableId(connection, name.ToString()), cancellationToken)));
        return [.. manifests.OfType<TableManifest>().OrderBy(static manifest => manifest.Table.Table, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<TableId>> ListTablesAsync(string connection, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        return [.. (await db.HashKeysAsync(RedisKeys.Heads(connection))).Select(name => new TableId(connection, name.ToString()))];
    }

    public async Task<IReadOnlyList<ChunkInfo>> FindMissingChunksAsync(TableManifest manifest, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var found = await Task.WhenAll(manifest.Chunks.Select(chunk => db.KeyExistsAsync(RedisKeys.Chunk(manifest.Table, chunk.Hash))));
        return [.. manifest.Chunks.Where((_, index) => !found[index])];
    }

    public async Task<ChunkInfo> UploadAsync(TableId table, ChunkFile file, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        await _transfers.WaitAsync(cancellationToken);
        try
        {
            await using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            if (stream.Length is 0 || stream.Length > _options.MaxChunkBytes)
            {
                throw new InvalidDataException(
                    $"A chunk has 1 to {_options.MaxChunkBytes} bytes (Cache:MaxChunkBytes); this one of {table} has {stream.Length}.");
            }

            // From no pool: what a pool keeps of a load's chunks would stay with the process.
            var content = GC.AllocateUninitializedArray<byte>((int)stream.Length);
            await stream.ReadExactlyAsync(content, cancellationToken);
            var hash = Convert.ToHexStringLower(SHA256.HashData(content));
            await StageAsync(db, RedisKeys.Chunk(table, hash), content);
            return new ChunkInfo(hash, file.Rows, content.Length, file.MinKey, file.MaxKey);
        }
        finally
        {
            _transfers.Release();
        }
    }

    public async Task<bool> KeepStagedAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        var alive = await Task.WhenAll(chunks.Select(chunk => ExtendAsync(db, RedisKeys.Chunk(table, chunk.Hash))));
        return Array.TrueForAll(alive, static there => there);
    }

    public Task<bool> CommitAsync(TableManifest next, CancellationToken cancellationToken) => CommitAsync([next], cancellationToken);

    public async Task<bool> CommitAsync(IReadOnlyList<TableManifest> next, CancellationToken cancellationToken)
    {
        if (next.Count == 0)
            return true;

        var connection = next[0].Table.Connection;
        if (next.Any(manifest => manifest.Version < 1 || manifest.Table.Connection != connection) || next.DistinctBy(static manifest => manifest.Table).Count() < next.Count)
            throw new ArgumentException("A commit is of different tables of one connection, with versions from 1.", nameof(next));

        var db = await DatabaseAsync(cancellationToken);
        var swaps = next.Select(static manifest => TableSwap.Of(manifest, ManifestJson.Write(manifest))).ToList();
        foreach (var (swap, head) in swaps.Zip(await ReadHeadsAsync(db, swaps)))
        {
            if (head == TableHead.Dropping)
                await FinishDropAsync(db, swap.Table);
        }

        // 1.
        foreach (var manifest in next)
            await CheckChunksAsync(db, manifest);
        AfterStep?.Invoke(CommitStep.Checked);

        // 2.
        await db.SortedSetAddAsync(RedisKeys.Connections, connection, 0);
        AfterStep?.Invoke(CommitStep.Announced);

        // 3. Another table of the connection that commits at the same moment aborts the transaction too: then the heads have not moved.
        while (true)
        {
            var heads = await ReadHeadsAsync(db, swaps);
            var left = new List<TableSwap>();
            for (var i = 0; i < swaps.Count; i++)
            {
                if (heads[i] == swaps[i].Target)
                    continue; // an earlier try got this far
                if (await VersionOfAsync(db, swaps[i].Table, heads[i]) == swaps[i].Next.Version - 1 && heads[i] != TableHead.Dropping)
                {
                    left.Add(swaps[i] with { Head = heads[i] });
                    continue;
                }

                if (await WasCommittedAsync(db, swaps[i]))
                    continue; // an earlier try got this far, and the table has moved on since
                SnapshotsLog.CommitLost(logger, swaps[i].Table, swaps[i].Next.Version);
                return false;
            }

            if (left.Count == 0 || await SwapAsync(db, connection, left))
                break;
            cancellationToken.ThrowIfCancellationRequested();
        }

        AfterStep?.Invoke(CommitStep.Swapped);

        // 4. and 5. Not cancelled half way: the versions are out. Whoever follows reads all heads with the first message.
        await db.PublishAsync(RedisKeys.Commits, next[0].Table.ToString());
        AfterStep?.Invoke(CommitStep.Published);
        foreach (var manifest in next)
            await SettleAsync(manifest.Table, CancellationToken.None);
        redis.RequestCheckpoint();
        foreach (var manifest in next)
            SnapshotsLog.Committed(logger, manifest.Table, manifest.Version, manifest.Rows, manifest.Chunks.Length);
        return true;
    }

    public async Task DropAsync(TableId table, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        await db.HashSetAsync(RedisKeys.Heads(table.Connection), table.Table, TableHead.Dropping.ToString());
        await FinishDropAsync(db, table);
        await db.PublishAsync(RedisKeys.Commits, table.ToString());
        redis.RequestCheckpoint();
        SnapshotsLog.Dropped(logger, table);
    }

    public async Task SettleAsync(TableId table, CancellationToken cancellationToken)
    {
        var db = await DatabaseAsync(cancellationToken);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var head = await ReadHeadAsync(db, table);
            if (head == TableHead.Dropping)
            {
                await FinishDropAsync(db, table);
                return;
            }

            var manifest = head is { } current ? await ReadManifestAsync(db, table, current.Version) : null;
            if (head is not null && manifest is null && await ReadHeadAsync(db, table) == head)
                return; // damaged: what is left of it stays until the next version releases it
            var gone = await SettleKeysAsync(db, table, manifest);
            if (await RemoveFromKeptAsync(db, table, head, gone) && await ReadHeadAsync(db, table) == head)
                return;
        }
    }

    public void Dispose() => _transfers.Dispose();

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await redis.ConnectAsync(cancellationToken)).GetDatabase();
    }

    private async Task StageAsync(IDatabase db, RedisKey key, ReadOnlyMemory<byte> content)
    {
        if (await db.StringLengthAsync(key) == content.Length && await ExtendAsync(db, key))
            return;
        if (await db.StringSetAsync(key, content, _options.StagedLifetime, When.NotExists))
            return;
        if (await db.StringLengthAsync(key) == content.Length && await ExtendAsync(db, key))
            return; // another worker staged the same in between

        // Cut or about to expire. Should it be a live key, the next settle makes it persistent again.
        await db.StringSetAsync(key, content, _options.StagedLifetime);
    }

    /// <summary>The key lives at least half the staged time from now on. False: it is gone.</summary>
    private async Task<bool> ExtendAsync(IDatabase db, RedisKey key)
    {
        var left = await LifetimeAsync(db, key);
        if (left is null)
            return false;
        if (left < _options.StagedLifetime / 2)
            await db.KeyExpireAsync(key, _options.StagedLifetime, ExpireWhen.GreaterThanCurrentExpiry);
        return true;
    }

    /// <summary>How long a key still lives: <see cref="TimeSpan.MaxValue"/> when persistent, null when gone or about to be.</summary>
    private static async Task<TimeSpan?> LifetimeAsync(IDatabase db, RedisKey key)
    {
        // Pipelined: for a key that is gone the client's time to live is null like for a persistent one.
        var exists = db.KeyExistsAsync(key);
        var left = await db.KeyTimeToLiveAsync(key);
        if (left is null)
            return await exists && await db.KeyExistsAsync(key) ? TimeSpan.MaxValue : null;
        return left > AboutToExpire ? left : null;
    }

    private async Task CheckChunksAsync(IDatabase db, TableManifest next)
    {
        var alive = await Task.WhenAll(next.Chunks.Select(chunk => ExtendAsync(db, RedisKeys.Chunk(next.Table, chunk.Hash))));
        var missing = Array.IndexOf(alive, false);
        if (missing >= 0)
            throw new ChunkMissingException(next.Table, next.Chunks[missing].Hash, "it was not uploaded, or its time to live is over");
    }

    private static async Task<bool> SwapAsync(IDatabase db, string connection, List<TableSwap> swaps)
    {
        var heads = RedisKeys.Heads(connection);
        var transaction = db.CreateTransaction();
        foreach (var swap in swaps)
        {
            var manifest = RedisKeys.Manifest(swap.Table, swap.Next.Version);
            var kept = swap.Next.Chunks.Select(chunk => RedisKeys.Chunk(swap.Table, chunk.Hash)).Append(manifest)
                .Select(key => new SortedSetEntry(key.ToString(), swap.Next.Version)).ToArray();
            transaction.AddCondition(swap.Head is { } expected
                ? Condition.HashEqual(heads, swap.Table.Table, expected.ToString())
                : Condition.HashNotExists(heads, swap.Table.Table));
            _ = transaction.HashSetAsync(heads, swap.Table.Table, swap.Target.ToString());
            _ = transaction.StringSetAsync(manifest, swap.Document);
            _ = transaction.SortedSetAddAsync(RedisKeys.Kept(swap.Table), kept);
        }

        return await transaction.ExecuteAsync();
    }

    // A head whose manifest Redis lost counts as none, as it does for readers: the table is loaded from the start.
    private static async Task<long> VersionOfAsync(IDatabase db, TableId table, TableHead? head) =>
        head is { Version: > 0 } && await db.KeyExistsAsync(RedisKeys.Manifest(table, head.Value.Version)) ? head.Value.Version : 0;

    private static async Task<bool> WasCommittedAsync(IDatabase db, TableSwap swap)
    {
        byte[]? stored = await db.StringGetAsync(RedisKeys.Manifest(swap.Table, swap.Next.Version));
        return stored is not null && stored.AsSpan().SequenceEqual(swap.Document);
    }

    private async Task<RedisValue[]> SettleKeysAsync(IDatabase db, TableId table, TableManifest? manifest)
    {
        var live = new HashSet<string>(StringComparer.Ordinal);
        if (manifest is not null)
        {
            live.Add(RedisKeys.Manifest(table, manifest.Version).ToString());
            live.UnionWith(manifest.Chunks.Select(chunk => RedisKeys.Chunk(table, chunk.Hash).ToString()));
        }

        var kept = await db.SortedSetRangeByRankAsync(RedisKeys.Kept(table));
        var lifetimes = await Task.WhenAll(kept.Select(key => LifetimeAsync(db, key.ToString())));
        var entries = kept.Select((key, index) => (Key: key.ToString(), Left: lifetimes[index])).ToArray();

        await Task.WhenAll(entries.Where(entry => entry.Left is { } left && left != TimeSpan.MaxValue && live.Contains(entry.Key))
            .Select(entry => db.KeyPersistAsync(entry.Key)));
        AfterStep?.Invoke(CommitStep.Kept);

        await Task.WhenAll(entries.Where(entry => entry.Left == TimeSpan.MaxValue && !live.Contains(entry.Key))
            .Select(entry => db.KeyExpireAsync(entry.Key, RetentionOf(table, entry.Key), ExpireWhen.HasNoExpiry)));
        AfterStep?.Invoke(CommitStep.Released);

        return [.. entries.Where(entry => entry.Left is null && !live.Contains(entry.Key)).Select(entry => (RedisValue)entry.Key)];
    }

    private TimeSpan RetentionOf(TableId table, string key) =>
        key.StartsWith(RedisKeys.Chunk(table, "").ToString(), StringComparison.Ordinal) ? _options.Retention + ChunkGrace : _options.Retention;

    private static async Task<bool> RemoveFromKeptAsync(IDatabase db, TableId table, TableHead? head, RedisValue[] gone)
    {
        if (gone.Length == 0)
            return true;
        var heads = RedisKeys.Heads(table.Connection);
        var transaction = db.CreateTransaction();
        transaction.AddCondition(head is { } expected
            ? Condition.HashEqual(heads, table.Table, expected.ToString())
            : Condition.HashNotExists(heads, table.Table));
        _ = transaction.SortedSetRemoveAsync(RedisKeys.Kept(table), gone);
        return await transaction.ExecuteAsync();
    }

    // The head stays "dropping" until the last key is deleted, so that a drop which a crash cut off is finished by the next settle.
    private static async Task FinishDropAsync(IDatabase db, TableId table)
    {
        var heads = RedisKeys.Heads(table.Connection);
        while (await ReadHeadAsync(db, table) == TableHead.Dropping)
        {
            var kept = await db.SortedSetRangeByRankAsync(RedisKeys.Kept(table));
            await Task.WhenAll(kept.Select(key => db.KeyDeleteAsync(key.ToString())));
            var transaction = db.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(heads, table.Table, TableHead.Dropping.ToString()));
            _ = transaction.KeyDeleteAsync(RedisKeys.Kept(table));
            _ = transaction.HashDeleteAsync(heads, table.Table);
            await transaction.ExecuteAsync();
        }
    }

    private static async Task<TableHead?[]> ReadHeadsAsync(IDatabase db, List<TableSwap> swaps) =>
        [.. (await db.HashGetAsync(RedisKeys.Heads(swaps[0].Table.Connection), [.. swaps.Select(static swap => (RedisValue)swap.Table.Table)])).Select(TableHead.Parse)];

    private static async Task<TableHead?> ReadHeadAsync(IDatabase db, TableId table) =>
        TableHead.Parse(await db.HashGetAsync(RedisKeys.Heads(table.Connection), table.Table));

    private static async Task<TableManifest?> ReadManifestAsync(IDatabase db, TableId table, long version)
    {
        byte[]? document = await db.StringGetAsync(RedisKeys.Manifest(table, version));
        return document is null ? null : ManifestJson.Read(document);
    }
}
