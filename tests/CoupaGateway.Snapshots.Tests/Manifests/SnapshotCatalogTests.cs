using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Manifests;

public sealed class SnapshotCatalogTests : IAsyncLifetime
{
    private static readonly TableId Table = new("demo", "invoices");

    private readonly TempFolder _folder = new();
    private RedisProcess _redis = null!;
    private Gateway _reader = null!;
    private Gateway _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync(_folder.Path);
        _reader = new Gateway(Path.Combine(_folder.Path, "reader"), _redis.ConnectionString);
        _worker = new Gateway(Path.Combine(_folder.Path, "worker"), _redis.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.StopAsync();
        await _reader.DisposeAsync();
        await _worker.DisposeAsync();
        await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_there_at_start_and_what_comes_later_is_known()
    {
        await _worker.CommitAsync(Table, 1, 1);
        await _reader.StartAsync();
        await _reader.Catalog.WaitUntilLoadedAsync(default);
        Assert.Equal(1, _reader.Catalog.FindCurrent(Table)!.Version);
        Assert.Null(_reader.Catalog.FindCurrent(Table with { Table = "users" }));

        await _worker.CommitAsync(Table, 2, 2);
        await _worker.CommitAsync(Table with { Table = "users" }, 1, 3);

        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table)!.Version == 2);
        await Eventually.TrueAsync(() => _reader.Catalog.ListCurrent("demo").Select(static manifest => manifest.Table.Table).SequenceEqual(["invoices", "users"]));
        Assert.Equal(1, (await _reader.Catalog.FindVersionAsync(Table, 1, default))!.Version);
        Assert.Null(await _reader.Catalog.FindVersionAsync(Table, 7, default));
    }

    [Fact]
    public async Task A_commit_whose_message_was_never_sent_is_found_by_polling_and_mended()
    {
        await _reader.StartAsync();
        var manifest = Gateway.Manifest(Table, 1, await _worker.UploadAsync(Table, 1));
        _worker.Store.AfterStep = static step =>
        {
            if (step == CommitStep.Swapped)
                throw new InvalidOperationException("crash");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => _worker.Store.CommitAsync(manifest, default));

        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table) is { Version: 1 });

        // The next gateway that starts makes the chunks persistent.
        await using var next = new Gateway(Path.Combine(_folder.Path, "next"), _redis.ConnectionString);
        await next.StartAsync();
        var db = await _worker.DatabaseAsync();
        await Eventually.TrueAsync(async () => await db.KeyTimeToLiveAsync(RedisKeys.Chunk(Table, manifest.Chunks[0].Hash)) is null);
        Assert.Empty(await _worker.Store.FindMissingChunksAsync(manifest, default));
        await next.StopAsync();
    }

    [Fact]
    public async Task A_dropped_table_is_forgotten_with_its_old_versions_and_one_begun_anew_is_taken()
    {
        await _reader.StartAsync();
        await _worker.CommitAsync(Table, 1, 1);
        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table) is not null);
        await _worker.Store.DropAsync(Table, default);
        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table) is null);
        Assert.Null(await _reader.Catalog.FindVersionAsync(Table, 1, default));

        await _worker.CommitAsync(Table, 1, 2);

        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table)?.Chunks[0].Hash == Gateway.Info(2).Hash);
    }

    [Fact]
    public async Task It_serves_what_it_knows_while_redis_is_away_and_goes_on_when_it_is_back()
    {
        await _worker.CommitAsync(Table, 1, 1);
        await _reader.StartAsync();
        await _reader.Catalog.WaitUntilLoadedAsync(default);

        await _redis.RestartAsync(whileDown: () =>
        {
            Assert.Equal(1, _reader.Catalog.FindCurrent(Table)!.Version);
            return Task.CompletedTask;
        });

        Assert.Equal(1, _reader.Catalog.FindCurrent(Table)!.Version);
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await _worker.CommitAsync(Table, 2, 2);
                return true;
            }
            catch (StackExchange.Redis.RedisException)
            {
                return false;
            }
        });
        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table)!.Version == 2);
        Assert.False(_reader.Catalog.IsDamaged(Table));
    }

    [Fact]
    public async Task A_table_that_lost_chunks_is_damaged_until_it_is_loaded_again()
    {
        var manifest = await _worker.CommitAsync(Table, 1, 1, 2);
        await (await _worker.DatabaseAsync()).KeyDeleteAsync(RedisKeys.Chunk(Table, manifest.Chunks[1].Hash));

        var noticed = new System.Collections.Concurrent.ConcurrentQueue<TableId>();
        _reader.Catalog.Damaged += noticed.Enqueue;
        await _reader.StartAsync();
        await Eventually.TrueAsync(() => _reader.Catalog.IsDamaged(Table));
        _reader.Catalog.ReportDamaged(Table, 1);
        Assert.Equal([Table], noticed);

        await _worker.CommitAsync(Table, 2, 1, 2);
        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table)!.Version == 2);
        Assert.False(_reader.Catalog.IsDamaged(Table));
        _reader.Catalog.ReportDamaged(Table, 1);
        Assert.False(_reader.Catalog.IsDamaged(Table));
        _reader.Catalog.ReportDamaged(Table, 2);
        Assert.True(_reader.Catalog.IsDamaged(Table));
        Assert.Equal([Table, Table], noticed);
    }

    [Fact]
    public async Task A_table_that_lost_its_manifest_is_damaged_until_it_is_loaded_from_the_start()
    {
        await _worker.CommitAsync(Table, 1, 1);
        await (await _worker.DatabaseAsync()).KeyDeleteAsync(RedisKeys.Manifest(Table, 1));

        await _reader.StartAsync();

        await Eventually.TrueAsync(() => _reader.Catalog.IsDamaged(Table));
        Assert.Null(_reader.Catalog.FindCurrent(Table));
        await _worker.CommitAsync(Table, 1, 2);
        await Eventually.TrueAsync(() => _reader.Catalog.FindCurrent(Table)?.Chunks[0].Hash == Gateway.Info(2).Hash);
        Assert.False(_reader.Catalog.IsDamaged(Table));
    }
}
