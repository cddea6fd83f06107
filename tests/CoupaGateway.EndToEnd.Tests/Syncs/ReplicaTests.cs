using System.Diagnostics;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>
/// Several gateways on one Redis. <c>COUPA_GATEWAY_LEADER_KILLS</c> sets how often the one that loads is killed; <c>tests/full-scale</c> does it 50 times.
/// </summary>
public sealed class ReplicaTests
{
    private const int Rate = 20, Burst = 10;

    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("COUPA_GATEWAY_LEADER_KILLS"), out var kills) ? kills : 3;

    [Fact]
    public async Task Of_three_gateways_the_one_that_loads_is_killed_again_and_again_and_another_takes_over_in_time()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.3, tables: ["invoices", "suppliers"], rate: Rate, burst: Burst);
        var gateways = new List<GatewayProcess>();
        while (gateways.Count < 3)
            gateways.Add(await StartAsync());

        await SyncBench.UntilIdleAsync(gateways[0]);
        bench.Sandbox.Control.PageDelay = TimeSpan.FromSeconds(1);
        var run = "";
        for (var kill = 0; kill < Kills; kill++)
        {
            run = await SyncBench.StartRunAsync(gateways[0], "full", tables: "invoices") ?? run;
            var leader = await LeaderAsync(gateways, run, but: null);
            gateways.Remove(leader);
            await leader.KillAsync(Token);
            var watch = Stopwatch.StartNew();
            await LeaderAsync(gateways, run, but: leader.Id);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TakenOverWithin);
            gateways.Add(await StartAsync());
        }

        bench.Sandbox.Control.PageDelay = TimeSpan.Zero;
        Assert.Equal("succeeded", (await SyncBench.EndOfAsync(gateways[0], run)).GetProperty("state").GetString());
        await bench.AssertEqualsTenantAsync(gateways[2]);
        await bench.AssertNothingLeftOverAsync();
        Assert.InRange(bench.Sandbox.Control.PeakRequestsPerSecond, 1, Rate + Burst);

        // The lease that a gateway has outside of tests.
        Task<GatewayProcess> StartAsync() => bench.StartGatewayAsync(("Sync__LeaseLifetime", "00:00:15"), ("Sync__Readers", "2"));
    }

    [Fact]
    public async Task A_large_full_load_holds_no_delta_of_a_small_table_up()
    {
        await using var bench = await SyncBench.StartAsync(scale: 1, tables: ["invoices", "suppliers"], rate: Rate, burst: Burst);
        var gateway = await bench.StartGatewayAsync(("Sync__Readers", "32"), ("Sync__TablesAtOnce", "1"), ("Connections__acme__Schedule__Tables__suppliers__Priority", "50"));
        await SyncBench.UntilIdleAsync(gateway);
        bench.Sandbox.Control.PageDelay = TimeSpan.FromSeconds(1);
        bench.Sandbox.Control.Rate = 5;
        bench.Sandbox.Control.Burst = 1;
        var large = (await SyncBench.StartRunAsync(gateway, "full", tables: "invoices"))!;
        await LeaderAsync([gateway], large, but: null);

        var small = await SyncBench.EndOfAsync(gateway, (await SyncBench.StartRunAsync(gateway, "delta", tables: "suppliers"))!);

        Assert.Equal("succeeded", small.GetProperty("state").GetString());
        Assert.Equal("running", (await SyncBench.SendAsync(gateway, HttpMethod.Get, $"syncs/{large}")).Body.GetProperty("state").GetString());
    }

    /// <summary>Waits until a run is worked on, and tells by whom.</summary>
    /// <param name="but">Number of a process that is dead, though it may still be told as the one.</param>
    private static async Task<GatewayProcess> LeaderAsync(IReadOnlyList<GatewayProcess> gateways, string run, int? but)
    {
        GatewayProcess? leader = null;
        await gateways[0].UntilAsync(
            async () =>
            {
                var table = (await SyncBench.SendAsync(gateways[0], HttpMethod.Get, $"syncs/{run}")).Body.GetProperty("tables")[0];
                Assert.NotEqual("failed", table.GetProperty("state").GetString());
                var worker = table.GetProperty("worker");
                leader = worker.ValueKind == JsonValueKind.Null ? null : gateways.FirstOrDefault(gateway => gateway.Id != but && worker.GetString()!.EndsWith($":{gateway.Id}", StringComparison.Ordinal));
                return leader is not null;
            },
            $"run {run} is worked on",
            Token);
        return leader!;
    }
}
