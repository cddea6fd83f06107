using System.Diagnostics;
using System.Text.Json.Nodes;
using CoupaGateway.Snapshots.Tests.Servers;
using StackExchange.Redis;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>A Redis that is far away, and one whose replica takes over.</summary>
public sealed class RedisFaultTests
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_redis_makes_loads_slow_and_nothing_else()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.05, tables: ["invoices", "suppliers"]);
        await using var link = new SlowLink(bench.Redis.Port);
        var gateway = await bench.StartGatewayAsync(("Cache__Redis", $"127.0.0.1:{link.Port},connectTimeout=5000,asyncTimeout=5000"));
        await SyncBench.UntilIdleAsync(gateway);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = SyncBench.ReadUntilAsync(gateway, bench.Sandbox.Control.CountRows("invoice_lines"), stop.Token);
        link.Delay = TimeSpan.FromMilliseconds(500);

        foreach (var invoice in bench.Sandbox.Control.Ids("invoices").Take(3).ToArray())
            bench.Sandbox.Control.Update("invoices", invoice, new JsonObject { ["status"] = "changed" });

        await SyncBench.RunAsync(gateway, "delta");

        link.Delay = TimeSpan.Zero;
        await gateway.UntilAsync(async () => await gateway.Client.GetStringAsync("odata/acme/invoices/$count?$filter=status eq 'changed'", Token) == "3", "the changes are there", Token);
        await stop.CancelAsync();
        await reading;
        await bench.AssertEqualsTenantAsync(gateway);
    }

    [Fact]
    public async Task A_replica_that_takes_over_in_the_middle_of_a_load_goes_on_with_it()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["invoices", "suppliers"]);
        await using var replica = await RedisProcess.StartAsync();
        await AskAsync(replica, "REPLICAOF", "127.0.0.1", $"{bench.Redis.Port}");
        await Eventually.TrueAsync(async () => (await AskAsync(replica, "INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
        var gateway = await bench.StartGatewayAsync(("Cache__Redis", $"127.0.0.1:{bench.Redis.Port},127.0.0.1:{replica.Port},connectTimeout=2000,asyncTimeout=5000"));
        await SyncBench.UntilIdleAsync(gateway);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = SyncBench.ReadUntilAsync(gateway, bench.Sandbox.Control.CountRows("invoice_lines"), stop.Token);
        bench.Sandbox.Control.PageDelay = TimeSpan.FromMilliseconds(200);
        var run = (await SyncBench.StartRunAsync(gateway, "full"))!;
        await Task.Delay(400, Token);

        await bench.Redis.StopAsync();
        await AskAsync(replica, "REPLICAOF", "NO", "ONE");
        var watch = Stopwatch.StartNew();

        Assert.Equal("succeeded", (await SyncBench.EndOfAsync(gateway, run)).GetProperty("state").GetString());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Recovery);
        await stop.CancelAsync();
        await reading;
        await bench.AssertEqualsTenantAsync(gateway);
    }

    private static async Task<string> AskAsync(RedisProcess server, params object[] command)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        return (await redis.GetServers()[0].ExecuteAsync((string)command[0], command[1..])).ToString();
    }
}
