using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Manifests;

/// <summary>What the store promises, on whichever server.</summary>
public abstract class SnapshotStoreContract(ICacheUnderTest server) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TableId _table = new($"c-{Guid.NewGuid():N}", "invoices");
    private Gateway _gateway = null!;

    public ValueTask InitializeAsync()
    {
        _gateway = Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_table_that_was_never_committed_has_no_manifest()
    {
        Assert.Null(await _gateway.Store.ReadCurrentAsync(_table, default));
        Assert.Null(await _gateway.Store.ReadVersionAsync(_table, 1, default));
        Assert.Empty(await _gateway.Store.ListAsync(_table.Connection, default));
    }

    [Fact]
    public async Task What_was_committed_is_read_back_and_persistent()
    {
        var manifest = await _gateway.CommitAsync(_table, 1, 1, 2);

        var current = await _gateway.Store.ReadCurrentAsync(_table, default);
        Assert.Equivalent(manifest, current, strict: true);
        Assert.Equal(20, current!.Rows);
        Assert.Equal(4000, current.Bytes);
        Assert.Equivalent(manifest, await _gateway.Store.ReadVersionAsync(_table, 1, default), strict: true);
        Assert.Equal(_table, Assert.Single(await _gateway.Store.ListAsync(_table.Connection, default)).Table);
        Assert.Equal(["persistent", "persistent"], await LifetimesAsync(1, 2));
    }

    [Fact]
    public async Task An_uploaded_chunk_waits_with_a_time_to_live_and_can_be_uploaded_again()
    {
        var first = await _gateway.UploadAsync(_table, 1);
        var second = await _gateway.UploadAsync(_table, 1);

        Assert.Equal(Gateway.Info(1), first);
        Assert.Equal(first, second);
        Assert.Equal(["expiring"], await LifetimesAsync(1));
        Assert.True(await _gateway.Store.KeepStagedAsync(_table, [first], default));
        Assert.False(await _gateway.Store.KeepStagedAsync(_table, [first, Gateway.Info(2)], default));
    }

    [Fact]
    public async Task A_value_as_large_as_the_largest_chunk_comes_back_whole()
    {
        const int Bytes = 8 << 20;
        var chunk = await _gateway.UploadAsync(_table, 1, Bytes);
        Assert.True(await _gateway.Store.CommitAsync(Gateway.Manifest(_table, 1, chunk), default));

        using var lease = await _gateway.Chunks.OpenAsync(_table, [chunk], default);
        Assert.Equal(Gateway.Content(1, Bytes), await File.ReadAllBytesAsync(lease.Paths[0]));
    }

    [Fact]
    public async Task A_chunk_that_is_too_large_or_empty_is_refused()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => _gateway.UploadAsync(_table, 1, (8 << 20) + 1));
        await Assert.ThrowsAsync<InvalidDataException>(() => _gateway.UploadAsync(_table, 1, 0));
    }

    [Fact]
    public async Task Of_two_workers_that_commit_the_same_version_one_wins()
    {
        await _gateway.CommitAsync(_table, 1, 1);
        var mine = Gateway.Manifest(_table, 2, await _gateway.UploadAsync(_table, 2));
        var theirs = Gateway.Manifest(_table, 2, await _gateway.UploadAsync(_table, 3));

        var won = await Task.WhenAll(_gateway.Store.CommitAsync(mine, default), _gateway.Store.CommitAsync(theirs, default));

        Assert.Single(won, static result => result);
        var winner = won[0] ? mine : theirs;
        Assert.Equivalent(winner, await _gateway.Store.ReadCurrentAsync(_table, default), strict: true);
        Assert.Equal(won[0] ? ["persistent", "expiring"] : ["expiring", "persistent"], await LifetimesAsync(2, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_worker_with_a_stale_or_future_version_changes_nothing(long version)
    {
        var first = await _gateway.CommitAsync(_table, 1, 1);
        var chunk = await _gateway.UploadAsync(_table, 2);

        Assert.False(await _gateway.Store.CommitAsync(Gateway.Manifest(_table, version, chunk), default));

        Assert.Equivalent(first, await _gateway.Store.ReadCurrentAsync(_table, default), strict: true);
        Assert.Equal(["persistent", "expiring"], await LifetimesAsync(1, 2));
    }

    [Fact]
    public async Task Tables_of_one_connection_commit_at_the_same_time()
    {
        var tables = Enumerable.Range(0, 20).Select(number => _table with { Table = $"t{number}" }).ToList();

        await Task.WhenAll(tables.Select((table, number) => _gateway.CommitAsync(table, 1, number)));

        Assert.Equal(20, (await _gateway.Store.ListAsync(_table.Connection, default)).Count);
    }

    [Fact]
    public async Task Several_tables_are_committed_together()
    {
        var users = _table with { Table = "users" };
        await _gateway.CommitAsync(_table, 1, 1);
        TableManifest[] next = [Gateway.Manifest(_table, 2, await _gateway.UploadAsync(_table, 2)), Gateway.Manifest(users, 1, await _gateway.UploadAsync(users, 3))];

        Assert.True(await _gateway.Store.CommitAsync(next, default));
        Assert.True(await _gateway.Store.CommitAsync(next, default));

        foreach (var manifest in next)
        {
            Assert.Equivalent(manifest, await _gateway.Store.ReadCurrentAsync(manifest.Table, default), strict: true);
            Assert.Empty(await _gateway.Store.FindMissingChunksAsync(manifest, default));
        }

        Assert.Equal(["expiring", "persistent"], await LifetimesAsync(1, 2));
    }

    [Fact]
    public async Task Of_several_tables_none_is_committed_when_one_has_gone_on()
    {
        var users = _table with { Table = "users" };
        var known = await _gateway.CommitAsync(_table, 1, 1);
        var ahead = await _gateway.CommitAsync(users, 1, 3);
        TableManifest[] next = [Gateway.Manifest(_table, 2, await _gateway.UploadAsync(_table, 2)), Gateway.Manifest(users, 1, await _gateway.UploadAsync(users, 4))];

        Assert.False(await _gateway.Store.CommitAsync(next, default));
        await Assert.ThrowsAsync<ChunkMissingException>(() => _gateway.Store.CommitAsync([next[0], Gateway.Manifest(users, 2, Gateway.Info(9))], default));

        Assert.Equivalent(known, await _gateway.Store.ReadCurrentAsync(_table, default), strict: true);
        Assert.Equivalent(ahead, await _gateway.Store.ReadCurrentAsync(users, default), strict: true);
    }

    [Fact]
    public async Task A_commit_is_of_different_tables_of_one_connection()
    {
        var manifest = Gateway.Manifest(_table, 1, await _gateway.UploadAsync(_table, 1));

        await Assert.ThrowsAsync<ArgumentException>(() => _gateway.Store.CommitAsync([manifest, manifest], default));
        await Assert.ThrowsAsync<ArgumentException>(() => _gateway.Store.CommitAsync([manifest, manifest with { Table = _table with { Connection = "other" } }], default));
    }

    [Fact]
    public async Task A_commit_that_names_a_chunk_that_is_not_there_is_refused()
    {
        var error = await Assert.ThrowsAsync<ChunkMissingException>(() => _gateway.Store.CommitAsync(Gateway.Manifest(_table, 1, Gateway.Info(9)), default));

        Assert.Equal(_table, error.Table);
        Assert.Equal(Gateway.Info(9).Hash, error.Hash);
        Assert.Null(await _gateway.Store.ReadCurrentAsync(_table, default));
    }

    [Fact]
    public async Task A_replaced_chunk_gets_its_retention_and_one_that_is_used_again_keeps_none()
    {
        await _gateway.CommitAsync(_table, 1, 1, 2);
        await _gateway.CommitAsync(_table, 2, 1, 3);
        Assert.Equal(["persistent", "expiring", "persistent"], await LifetimesAsync(1, 2, 3));
        Assert.NotNull(await _gateway.Store.ReadVersionAsync(_table, 1, default));

        // Named again without a new upload.
        Assert.True(await _gateway.Store.CommitAsync(Gateway.Manifest(_table, 3, Gateway.Info(2)), default));

        Assert.Equal(["expiring", "persistent", "expiring"], await LifetimesAsync(1, 2, 3));
    }

    [Fact]
    public async Task Replaced_versions_and_leftovers_vanish_when_their_time_is_over()
    {
        await RestartAsync(("Retention", "00:00:05"), ("StagedLifetime", "00:00:10"));
        await _gateway.CommitAsync(_table, 1, 1);
        await _gateway.CommitAsync(_table, 2, 2);
        await _gateway.UploadAsync(_table, 3);
        var db = await _gateway.DatabaseAsync();
        await db.KeyExpireAsync(RedisKeys.Chunk(_table, Gateway.Info(1).Hash), TimeSpan.FromSeconds(6)); // not the whole grace

        await Eventually.TrueAsync(async () => await _gateway.Store.ReadVersionAsync(_table, 1, default) is null);
        await Eventually.TrueAsync(async () => (await LifetimesAsync(1, 3)).SequenceEqual(["gone", "gone"]));
        await _gateway.Store.SettleAsync(_table, default);

        Assert.Equal(["persistent"], await LifetimesAsync(2));
        Assert.Equal(2, await db.SortedSetLengthAsync(RedisKeys.Kept(_table)));
        Assert.Empty(await _gateway.Store.FindMissingChunksAsync((await _gateway.Store.ReadCurrentAsync(_table, default))!, default));
    }

    [Theory]
    [InlineData((int)CommitStep.Checked, false)]
    [InlineData((int)CommitStep.Announced, false)]
    [InlineData((int)CommitStep.Swapped, true)]
    [InlineData((int)CommitStep.Kept, true)]
    [InlineData((int)CommitStep.Released, true)]
    [InlineData((int)CommitStep.Published, true)]
    public async Task A_crash_after_any_step_leaves_readers_whole_and_is_mended_by_settling_and_by_repeating(int crashAfter, bool visible)
    {
        await _gateway.CommitAsync(_table, 1, 1, 2);
        var next = Gateway.Manifest(_table, 2, await _gateway.UploadAsync(_table, 2), await _gateway.UploadAsync(_table, 3));
        _gateway.Store.AfterStep = step =>
        {
            if (step == (CommitStep)crashAfter)
                throw new InvalidOperationException("crash");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => _gateway.Store.CommitAsync(next, default));
        _gateway.Store.AfterStep = null;

        // Whatever a reader sees, its chunks are there, and nothing that no head leads to lives for ever once it is settled.
        var seen = (await _gateway.Store.ReadCurrentAsync(_table, default))!;
        Assert.Equal(visible ? 2 : 1, seen.Version);
        Assert.Empty(await _gateway.Store.FindMissingChunksAsync(seen, default));

        await _gateway.Store.SettleAsync(_table, default);
        await _gateway.Store.SettleAsync(_table, default);
        Assert.Equal(visible ? ["expiring", "persistent", "persistent"] : ["persistent", "persistent", "expiring"], await LifetimesAsync(1, 2, 3));

        Assert.True(await _gateway.Store.CommitAsync(next, default));
        Assert.Equal(["expiring", "persistent", "persistent"], await LifetimesAsync(1, 2, 3));
        Assert.Equivalent(next, await _gateway.Store.ReadCurrentAsync(_table, default), strict: true);
    }

    [Fact]
    public async Task A_worker_that_settles_late_does_not_undo_a_newer_commit()
    {
        await _gateway.CommitAsync(_table, 1, 1);
        var second = Gateway.Manifest(_table, 2, await _gateway.UploadAsync(_table, 2));
        var third = Gateway.Manifest(_table, 3, Gateway.Info(1));
        var overtaken = false;
        _gateway.Store.AfterStep = step =>
        {
            if (step != CommitStep.Kept || overtaken)
                return;
            overtaken = true;
            // While the worker of version 2 is about to release chunk 1, version 3 takes it up again.
            Assert.True(_gateway.Store.CommitAsync(third, default).GetAwaiter().GetResult());
        };

        Assert.True(await _gateway.Store.CommitAsync(second, default));

        Assert.True(overtaken);
        Assert.Equal(["persistent", "expiring"], await LifetimesAsync(1, 2));
        Assert.Equal(3, (await _gateway.Store.ReadCurrentAsync(_table, default))!.Version);
    }

    [Fact]
    public async Task Dropping_removes_every_key_and_the_table_begins_anew()
    {
        await _gateway.CommitAsync(_table, 1, 1);
        await _gateway.CommitAsync(_table, 2, 2);

        await _gateway.Store.DropAsync(_table, default);

        Assert.Null(await _gateway.Store.ReadCurrentAsync(_table, default));
        Assert.Null(await _gateway.Store.ReadVersionAsync(_table, 1, default));
        Assert.Null(await _gateway.Store.ReadVersionAsync(_table, 2, default));
        Assert.Equal(["gone", "gone"], await LifetimesAsync(1, 2));
        Assert.False(await (await _gateway.DatabaseAsync()).KeyExistsAsync(RedisKeys.Kept(_table)));
        await _gateway.CommitAsync(_table, 1, 1);
    }

    [Fact]
    public async Task A_drop_that_was_cut_off_is_finished_by_the_next_settle()
    {
        await _gateway.CommitAsync(_table, 1, 1);
        var db = await _gateway.DatabaseAsync();
        await db.HashSetAsync(RedisKeys.Heads(_table.Connection), _table.Table, TableHead.Dropping.ToString());
        Assert.Null(await _gateway.Store.ReadCurrentAsync(_table, default));

        await _gateway.Store.SettleAsync(_table, default);

        Assert.Equal(["gone"], await LifetimesAsync(1));
        Assert.False(await db.KeyExistsAsync(RedisKeys.Heads(_table.Connection)));
    }

    [Fact]
    public async Task Chunks_that_the_server_lost_are_found()
    {
        var manifest = await _gateway.CommitAsync(_table, 1, 1, 2, 3);
        await (await _gateway.DatabaseAsync()).KeyDeleteAsync(RedisKeys.Chunk(_table, manifest.Chunks[1].Hash));

        Assert.Equal([manifest.Chunks[1]], await _gateway.Store.FindMissingChunksAsync(manifest, default));
        var error = await Assert.ThrowsAsync<ChunkMissingException>(async () => await _gateway.Chunks.OpenAsync(_table, manifest.Chunks, default));
        Assert.Equal(manifest.Chunks[1].Hash, error.Hash);
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_counts_as_gone()
    {
        await _gateway.CommitAsync(_table, 1, 1);
        await (await _gateway.DatabaseAsync()).StringSetAsync(RedisKeys.Manifest(_table, 1), "{\"version\":");

        Assert.Null(await _gateway.Store.ReadCurrentAsync(_table, default));
    }

    [Fact]
    public async Task Sync_state_is_kept_compared_and_expires()
    {
        var state = _gateway.State;
        Assert.Null(await state.GetAsync(_table, "checkpoint", default));
        Assert.True(await state.TrySetAsync(_table, "checkpoint", expected: null, "1", lifetime: null, default));
        Assert.False(await state.TrySetAsync(_table, "checkpoint", expected: null, "x", lifetime: null, default));
        Assert.False(await state.TrySetAsync(_table, "checkpoint", expected: "2", "x", lifetime: null, default));
        Assert.True(await state.TrySetAsync(_table, "checkpoint", expected: "1", "2", lifetime: null, default));
        Assert.Equal("2", await state.GetAsync(_table, "checkpoint", default));
        await state.DeleteAsync(_table, "checkpoint", default);
        Assert.Null(await state.GetAsync(_table, "checkpoint", default));

        await state.SetAsync(_table, "checkpoint", "3", TimeSpan.FromSeconds(1), default);
        await Eventually.TrueAsync(async () => await state.GetAsync(_table, "checkpoint", default) is null);
    }

    private Gateway Start(params (string, string)[] settings) => new(Path.Combine(_folder.Path, "data"), server.ConnectionString, settings);

    private async Task RestartAsync(params (string, string)[] settings)
    {
        await _gateway.DisposeAsync();
        _gateway = Start(settings);
    }

    private async Task<string[]> LifetimesAsync(params int[] seeds)
    {
        var db = await _gateway.DatabaseAsync();
        return await Task.WhenAll(seeds.Select(async seed =>
        {
            var key = RedisKeys.Chunk(_table, Gateway.Info(seed).Hash);
            return !await db.KeyExistsAsync(key) ? "gone" : await db.KeyTimeToLiveAsync(key) is null ? "persistent" : "expiring";
        }));
    }
}
