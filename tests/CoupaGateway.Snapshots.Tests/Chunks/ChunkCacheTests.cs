using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Chunks;

public sealed class ChunkCacheTests(RedisServer server) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const int Bytes = 400_000;

    private readonly TempFolder _folder = new();
    private readonly TableId _table = new($"c-{Guid.NewGuid():N}", "invoices");
    private Gateway _gateway = null!;

    private string Data => Path.Combine(_folder.Path, "data");

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
    public async Task Files_come_in_the_order_in_which_they_were_asked_for()
    {
        var (one, two) = (await UploadAsync(1), await UploadAsync(2));

        using var lease = await _gateway.Chunks.OpenAsync(_table, [two, one, two], default);

        Assert.Equal([Gateway.Content(2, Bytes), Gateway.Content(1, Bytes), Gateway.Content(2, Bytes)], lease.Paths.Select(File.ReadAllBytes));
        Assert.All(lease.Paths, path => Assert.Equal(_gateway.Chunks.Folder, Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task The_least_recently_used_leaves_first_and_never_a_leased_one()
    {
        var chunks = await Task.WhenAll(Enumerable.Range(1, 4).Select(UploadAsync)); // of which two fit
        using var held = await _gateway.Chunks.OpenAsync(_table, [chunks[0]], default);
        (await _gateway.Chunks.OpenAsync(_table, [chunks[1]], default)).Dispose();
        (await _gateway.Chunks.OpenAsync(_table, [chunks[2]], default)).Dispose();
        (await _gateway.Chunks.OpenAsync(_table, [chunks[3]], default)).Dispose();

        Assert.Equal([true, false, false, true], chunks.Select(Exists));
        Assert.Equal(2 * Bytes, ((ChunkCache)_gateway.Chunks).Bytes);
    }

    [Fact]
    public async Task Leases_may_exceed_the_limit_until_they_end()
    {
        var chunks = await Task.WhenAll(Enumerable.Range(1, 4).Select(UploadAsync));

        var lease = await _gateway.Chunks.OpenAsync(_table, chunks, default);
        Assert.All(lease.Paths, static path => Assert.True(File.Exists(path)));
        lease.Dispose();
        lease.Dispose();

        Assert.Equal(2, Directory.GetFiles(_gateway.Chunks.Folder).Length);
    }

    [Fact]
    public async Task Many_openers_of_one_chunk_download_it_once()
    {
        var chunk = await UploadAsync(1);
        var db = await _gateway.DatabaseAsync();
        var redis = db.Multiplexer.GetServers()[0];
        var before = await CallsAsync();

        var leases = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _gateway.Chunks.OpenAsync(_table, [chunk], default).AsTask()));

        Assert.Equal(before + 1, await CallsAsync());
        Assert.Single(leases.Select(static lease => lease.Paths[0]).Distinct());
        foreach (var lease in leases)
            lease.Dispose();

        async Task<long> CallsAsync()
        {
            var line = (await redis.InfoRawAsync("commandstats"))!.Split('\n').FirstOrDefault(static line => line.StartsWith("cmdstat_getrange:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split("calls=")[1].Split(',')[0]);
        }
    }

    [Theory]
    [InlineData("same size, other bytes")]
    [InlineData("cut")]
    [InlineData("deleted")]
    public async Task A_file_that_is_harmed_under_a_running_gateway_is_fetched_again(string harm)
    {
        var chunk = await UploadAsync(1);
        (await _gateway.Chunks.OpenAsync(_table, [chunk], default)).Dispose();
        Harm(PathOf(chunk), harm);

        using var lease = await _gateway.Chunks.OpenAsync(_table, [chunk], default);

        Assert.Equal(Gateway.Content(1, Bytes), await File.ReadAllBytesAsync(lease.Paths[0]));
    }

    [Fact]
    public async Task Files_of_the_last_run_are_used_when_they_are_intact_and_fetched_again_when_not()
    {
        var (intact, harmed) = (await UploadAsync(1), await UploadAsync(2));
        (await _gateway.Chunks.OpenAsync(_table, [intact, harmed], default)).Dispose();
        await _gateway.DisposeAsync();
        Harm(PathOf(harmed), "same size, other bytes");
        await File.WriteAllTextAsync(PathOf(intact) + ".tmp", "left by a crash");
        _gateway = Start();
        await (await _gateway.DatabaseAsync()).KeyDeleteAsync(RedisKeys.Chunk(_table, intact.Hash)); // only the file is left

        using var lease = await _gateway.Chunks.OpenAsync(_table, [intact, harmed], default);

        Assert.Equal([Gateway.Content(1, Bytes), Gateway.Content(2, Bytes)], lease.Paths.Select(File.ReadAllBytes));
        Assert.Equal(2, Directory.GetFiles(_gateway.Chunks.Folder).Length);
    }

    [Theory]
    [InlineData("gone", "lost")]
    [InlineData("cut", "part")]
    [InlineData("other", "hash")]
    public async Task A_chunk_that_redis_does_not_have_right_is_missing_and_leaves_no_file(string fault, string reason)
    {
        var chunk = await UploadAsync(1);
        var db = await _gateway.DatabaseAsync();
        var key = RedisKeys.Chunk(_table, chunk.Hash);
        if (fault == "gone")
            await db.KeyDeleteAsync(key);
        else
            await db.StringSetAsync(key, Gateway.Content(2, fault == "cut" ? Bytes / 2 : Bytes));

        var error = await Assert.ThrowsAsync<ChunkMissingException>(async () => await _gateway.Chunks.OpenAsync(_table, [chunk], default));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_gateway.Chunks.Folder));
        await db.StringSetAsync(key, Gateway.Content(1, Bytes));
        using var lease = await _gateway.Chunks.OpenAsync(_table, [chunk], default);
        Assert.True(File.Exists(lease.Paths[0]));
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        var chunk = await UploadAsync(1);
        (await _gateway.Chunks.OpenAsync(_table, [], default)).Dispose();
        File.CreateSymbolicLink(PathOf(chunk) + ".tmp", "/dev/full");

        var error = await Assert.ThrowsAsync<ChunkCacheFullException>(async () => await _gateway.Chunks.OpenAsync(_table, [chunk], default));

        Assert.Contains("Cache:ChunkCacheBytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    public async Task What_is_no_hash_never_becomes_a_path(string hash) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _gateway.Chunks.OpenAsync(_table, [new ChunkInfo(hash, 1, 1, 1, 1)], default));

    [Fact]
    public async Task A_reader_that_gives_up_does_not_spoil_it_for_the_others()
    {
        var chunk = await UploadAsync(1);
        using var cancelled = new CancellationTokenSource();
        var gaveUp = _gateway.Chunks.OpenAsync(_table, [chunk], cancelled.Token).AsTask();
        var stayed = _gateway.Chunks.OpenAsync(_table, [chunk], default).AsTask();
        await cancelled.CancelAsync();

        using var lease = await stayed;
        Assert.Equal(Gateway.Content(1, Bytes), await File.ReadAllBytesAsync(lease.Paths[0]));
        try
        {
            (await gaveUp).Dispose();
        }
        catch (OperationCanceledException)
        {
            // Either is right: the download may have been faster than the cancellation.
        }
    }

    private Gateway Start() => new(Data, server.ConnectionString, ("ChunkCacheBytes", $"{1 << 20}"));

    private Task<ChunkInfo> UploadAsync(int seed) => _gateway.UploadAsync(_table, seed, Bytes);

    private string PathOf(ChunkInfo chunk) => Path.Combine(Data, "chunks", chunk.Hash + ".parquet");

    private bool Exists(ChunkInfo chunk) => File.Exists(PathOf(chunk));

    private static void Harm(string path, string harm)
    {
        switch (harm)
        {
            case "deleted":
                File.Delete(path);
                break;
            case "cut":
                using (var stream = File.OpenWrite(path))
                    stream.SetLength(Bytes / 2);
                break;
            default:
                File.WriteAllBytes(path, Gateway.Content(99, Bytes));
                File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
                break;
        }
    }
}
