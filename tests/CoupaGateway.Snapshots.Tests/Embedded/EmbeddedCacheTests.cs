using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Embedded;

public sealed class EmbeddedCacheTests : IDisposable
{
    private static readonly TableId Table = new("demo", "invoices");

    private readonly TempFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tables_and_times_to_live_survive_a_restart()
    {
        await using (var gateway = new Gateway(Data, redis: null))
        {
            await gateway.CommitAsync(Table, 1, 1);
            await gateway.CommitAsync(Table, 2, 2);
        }

        await using var again = new Gateway(Data, redis: null);
        var manifest = (await again.Store.ReadCurrentAsync(Table, default))!;
        Assert.Equal(2, manifest.Version);
        Assert.Empty(await again.Store.FindMissingChunksAsync(manifest, default));
        var db = await again.DatabaseAsync();
        Assert.Null(await db.KeyTimeToLiveAsync(RedisKeys.Chunk(Table, Gateway.Info(2).Hash)));
        Assert.InRange((await db.KeyTimeToLiveAsync(RedisKeys.Chunk(Table, Gateway.Info(1).Hash)))!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(2));
        await again.CommitAsync(Table, 3, 3);
    }

    [Fact]
    public async Task More_data_than_fits_in_memory_survives_a_restart()
    {
        const int Bytes = 4 << 20;
        await using (var gateway = new Gateway(Data, redis: null))
        {
            for (var seed = 0; seed < 30; seed++)
                await gateway.UploadAsync(Table, seed, Bytes);
            Assert.True(await gateway.Store.CommitAsync(
                Gateway.Manifest(Table, 1, [.. Enumerable.Range(0, 30).Select(static seed => Gateway.Info(seed, Bytes))]), default));
        }

        await using var again = new Gateway(Data, redis: null);
        var manifest = (await again.Store.ReadCurrentAsync(Table, default))!;
        using var lease = await again.Chunks.OpenAsync(Table, manifest.Chunks, default);
        for (var seed = 0; seed < 30; seed++)
            Assert.Equal(Gateway.Content(seed, Bytes), await File.ReadAllBytesAsync(lease.Paths[seed]));
    }

    [Fact]
    public async Task A_crash_loses_at_most_what_came_after_the_last_checkpoint()
    {
        await using (var gateway = new Gateway(Data, redis: null))
            await gateway.CommitAsync(Table, 1, 1);
        await using var running = new Gateway(Data, redis: null);
        await running.CommitAsync(Table, 2, 2);

        // What lies on disk under a running server is what kill -9 leaves.
        var crashed = Path.Combine(_folder.Path, "crashed");
        Copy(Path.Combine(Data, "cache"), Path.Combine(crashed, "cache"));

        await using var again = new Gateway(crashed, redis: null);
        var manifest = (await again.Store.ReadCurrentAsync(Table, default))!;
        Assert.Equal(1, manifest.Version);
        Assert.Empty(await again.Store.FindMissingChunksAsync(manifest, default));
        Assert.Empty(Directory.GetDirectories(crashed, "cache.broken-*"));
    }

    [Fact]
    public async Task A_checkpoint_is_taken_soon_after_a_commit()
    {
        await using var gateway = new Gateway(Data, redis: null, ("CheckpointInterval", "00:00:00.1"));
        await gateway.CommitAsync(Table, 1, 1);

        var attempt = 0;
        await Eventually.TrueAsync(async () =>
        {
            var crashed = Path.Combine(_folder.Path, $"crashed{attempt++}");
            Copy(Path.Combine(Data, "cache"), Path.Combine(crashed, "cache"));
            await using var again = new Gateway(crashed, redis: null);
            return await again.Store.ReadCurrentAsync(Table, default) is { Version: 1 };
        });
    }

    [Fact]
    public async Task Data_whose_recovery_never_ended_is_moved_aside_and_the_cache_begins_empty()
    {
        await using (var gateway = new Gateway(Data, redis: null))
            await gateway.CommitAsync(Table, 1, 1);
        await File.WriteAllTextAsync(Path.Combine(Data, "cache", "recovering"), "");

        await using var again = new Gateway(Data, redis: null);

        Assert.Null(await again.Store.ReadCurrentAsync(Table, default));
        Assert.Single(Directory.GetDirectories(Data, "cache.broken-*"));
        Assert.False(File.Exists(Path.Combine(Data, "cache", "recovering")));
    }

    [Fact]
    public async Task Torn_checkpoints_do_not_keep_the_cache_from_starting()
    {
        await using (var gateway = new Gateway(Data, redis: null))
            await gateway.CommitAsync(Table, 1, 1);
        foreach (var file in new DirectoryInfo(Path.Combine(Data, "cache")).EnumerateFiles("*", SearchOption.AllDirectories))
            await File.WriteAllBytesAsync(file.FullName, Gateway.Content(1, 300));

        await using var again = new Gateway(Data, redis: null);

        Assert.Null(await again.Store.ReadCurrentAsync(Table, default));
        await again.CommitAsync(Table, 1, 1);
    }

    [Fact]
    public async Task A_second_process_on_the_folder_is_refused_with_the_reason()
    {
        await using var first = new Gateway(Data, redis: null);
        await first.DatabaseAsync();
        await using var second = new Gateway(Data, redis: null);

        var error = await Assert.ThrowsAsync<CacheUnavailableException>(() => second.DatabaseAsync());
        Assert.Contains("another gateway runs on it", error.Message, StringComparison.Ordinal);
        Assert.Contains(Data, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var gateway = new Gateway(Data, redis: null);
        var endPoint = (await gateway.DatabaseAsync()).Multiplexer.GetEndPoints()[0];

        await using var intruder = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(
            new StackExchange.Redis.ConfigurationOptions { EndPoints = { endPoint }, AbortOnConnectFail = false, ConnectTimeout = 1000 });
        await Assert.ThrowsAnyAsync<Exception>(() => intruder.GetDatabase().StringGetAsync("x"));
    }

    [Fact]
    public async Task A_connection_string_that_is_none_is_refused_without_repeating_it()
    {
        await using var gateway = new Gateway(Data, "localhost,password=secret,nonsense=1");

        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => gateway.DatabaseAsync());
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(Path.Combine(to, Path.GetRelativePath(from, file)));
            source.CopyTo(target);
        }
    }
}
