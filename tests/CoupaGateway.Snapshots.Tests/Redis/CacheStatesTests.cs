using System.Globalization;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Redis.Inspection;
using CoupaGateway.Snapshots.Tests.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Tests.Redis;

/// <summary>Servers that are there, but do not serve: what is said of them, and that the gateway goes on by itself when they do.</summary>
public sealed class CacheStatesTests : IDisposable
{
    /// <summary>So long a key takes to load, by a setting of Redis for tests; all of them take longer than any test waits.</summary>
    private const string KeyLoadDelay = "100000";

    private const int Keys = 2_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_server_still_loads_its_data()
    {
        using var data = new TempFolder();
        await using var redis = await RedisProcess.StartAsync(data.Path, "--key-load-delay", KeyLoadDelay, "--loading-process-events-interval-bytes", "1024");
        await FillAsync(redis);
        await redis.AskAsync("SAVE\r\n", "+OK");
        await redis.StopAsync();
        await redis.StartAgainAsync("-LOADING");
        var log = new LogText();
        await using var gateway = new Gateway(_folder.Path, Address(redis), log);
        await gateway.StartAsync();

        var finding = Assert.Single(await gateway.Server.InspectAsync(default));

        Assert.Equal((CacheCodes.Unreachable, true), (finding.Code, finding.IsError));
        Assert.Contains("LOADING", finding.Found, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => log.Text.Contains("LOADING", StringComparison.Ordinal));

        await redis.AskAsync("CONFIG SET key-load-delay 0\r\n", "+OK");
        await Eventually.TrueAsync(async () => (await gateway.Server.InspectAsync(default)).Count == 0);
        Assert.Null(gateway.Failure);
        await gateway.StopAsync();
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public async Task A_cluster_has_a_slot_without_a_primary(string fullCoverage)
    {
        using var data = new TempFolder();
        await using var redis = await RedisProcess.StartAsync(
            data.Path, "--cluster-enabled", "yes", "--cluster-port", $"{RedisProcess.FreePort()}", "--cluster-config-file", "nodes.conf", "--cluster-require-full-coverage", fullCoverage);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var node = admin.GetServers()[0];
        await node.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
        await Eventually.TrueAsync(async () => ((string)(await node.ExecuteAsync("CLUSTER", "INFO"))!).Contains("cluster_state:ok", StringComparison.Ordinal));
        Assert.Empty(await InspectAsync(redis));

        await node.ExecuteAsync("CLUSTER", "DELSLOTSRANGE", 1, 16_383);
        await Eventually.TrueAsync(async () => ((string)(await node.ExecuteAsync("CLUSTER", "INFO"))!).Contains("cluster_slots_assigned:1\r", StringComparison.Ordinal));

        var finding = Assert.Single(await InspectAsync(redis));
        Assert.Equal((CacheCodes.Unreachable, true), (finding.Code, finding.IsError));
        Assert.Contains("CLUSTERDOWN", finding.Found, StringComparison.Ordinal);
        Assert.Contains("CLUSTER INFO", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_cannot_save_and_takes_no_writes()
    {
        var data = new TempFolder();
        await using var redis = await RedisProcess.StartAsync(data.Path, "--save", "3600 1");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        Assert.Empty(await InspectAsync(redis));

        data.Dispose();
        await admin.GetServers()[0].ExecuteAsync("BGSAVE");
        await Eventually.TrueAsync(async () => (await admin.GetServers()[0].InfoAsync("persistence")).SelectMany(static group => group).ToDictionary()["rdb_last_bgsave_status"] == "err");

        var finding = Assert.Single(await InspectAsync(redis));
        Assert.Equal((CacheCodes.Unreachable, true), (finding.Code, finding.IsError));
        Assert.Contains("MISCONF", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_misses_its_replicas_and_takes_no_writes()
    {
        await using var redis = await RedisProcess.StartAsync(null, "--min-replicas-to-write", "1");

        var finding = Assert.Single(await InspectAsync(redis));

        Assert.Equal((CacheCodes.Unreachable, true), (finding.Code, finding.IsError));
        Assert.Contains("NOREPLICAS", finding.Found, StringComparison.Ordinal);
        Assert.Contains("log", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_does_not_have_a_command()
    {
        await using var redis = await RedisProcess.StartAsync(null, "--rename-command", "PEXPIRE", "");

        var finding = Assert.Single(await InspectAsync(redis));

        Assert.Equal((CacheCodes.TooOld, true), (finding.Code, finding.IsError));
        Assert.Contains("no command PEXPIRE", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_is_too_old_to_be_connected_with()
    {
        await using var redis = await RedisProcess.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Cache:Redis", Address(redis)), new("Cache:Folder", _folder.Path)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton(new CacheInspector { OldestServer = new Version(99, 0) }).AddSnapshots(configuration).BuildServiceProvider();
        var server = services.GetRequiredService<ICacheServer>();

        var finding = Assert.Single(await server.InspectAsync(default));

        Assert.Equal((CacheCodes.TooOld, true), (finding.Code, finding.IsError));
        var unusable = await Assert.ThrowsAsync<CacheUnavailableException>(async () => await server.ConnectAsync(default));
        Assert.Equal(finding, unusable.Finding);
        Assert.Equal($"{finding.Found} {finding.Advice}", unusable.Message);
    }

    [Fact]
    public async Task A_server_that_refuses_INFO_is_taken_as_it_is()
    {
        await using var redis = await RedisProcess.StartAsync(null, "--maxmemory", "16mb");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        Assert.Single(await InspectAsync(redis));
        await admin.GetServers()[0].ExecuteAsync("ACL", "SETUSER", "default", "-info");

        Assert.Empty(await InspectAsync(redis));
    }

    private static string Address(RedisProcess redis) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}");

    private static async Task FillAsync(RedisProcess redis)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var db = admin.GetDatabase();

        // So long that the server looks for requests after each.
        var content = new byte[2_048];
        Random.Shared.NextBytes(content);
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(i => db.StringSetAsync($"key-{i}", content)));
    }

    private async Task<IReadOnlyList<CacheFinding>> InspectAsync(RedisProcess redis)
    {
        await using var gateway = new Gateway(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")), Address(redis));
        return await gateway.Server.InspectAsync(default);
    }
}
