namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>
/// Processes that are killed at random points, while the tenant changes. <c>COUPA_GATEWAY_KILLS</c> sets how often; <c>tests/full-scale</c> runs it with 100.
/// </summary>
public sealed class CrashTests
{
    private static readonly string[] Modes = ["full", "delta", "reconcile"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("COUPA_GATEWAY_KILLS"), out var kills) ? kills : 10;

    [Fact]
    public async Task Killed_at_any_point_of_any_mode_the_tables_come_to_equal_the_tenant_and_nothing_is_left_over()
    {
        var random = new Random(4);
        await using var bench = await SyncBench.StartAsync(scale: 0.1, pageDelay: TimeSpan.FromMilliseconds(30));
        var users = new TenantUsers(bench.Sandbox.Control, seed: 7);
        var gateway = await bench.StartGatewayAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            // What is missing is loaded by itself; a run that a dead process has begun goes on by itself, too.
            await SyncBench.StartRunAsync(gateway, Modes[kill % Modes.Length]);
            users.Change(5);
            await Task.Delay(random.Next(1_500), Token);
            await gateway.KillAsync(Token);
            gateway = await bench.StartGatewayAsync();
        }

        await SyncBench.UntilIdleAsync(gateway);
        await SyncBench.RunAsync(gateway, "delta");
        await SyncBench.RunAsync(gateway, "reconcile");
        await bench.AssertEqualsTenantAsync(gateway);
        await bench.AssertNothingLeftOverAsync();
    }

    [Fact]
    public async Task While_the_tenant_changes_the_next_delta_and_reconcile_bring_the_tables_up_to_it()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["invoices"], pageDelay: TimeSpan.FromMilliseconds(50));
        var users = new TenantUsers(bench.Sandbox.Control, seed: 3);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var changing = users.ChangeUntilAsync(stop.Token);
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        await SyncBench.RunAsync(gateway, "full");
        await SyncBench.RunAsync(gateway, "delta");
        await SyncBench.RunAsync(gateway, "reconcile");
        await stop.CancelAsync();
        await changing;

        await SyncBench.RunAsync(gateway, "delta");
        await SyncBench.RunAsync(gateway, "reconcile");
        await bench.AssertEqualsTenantAsync(gateway);
        await bench.AssertNothingLeftOverAsync();

        // Who is gone is told, with all that was nested in it.
        var deleted = bench.Sandbox.Control.Ids("invoices").First();
        bench.Sandbox.Control.Delete("invoices", deleted);
        await SyncBench.RunAsync(gateway, "reconcile");
        var told = await gateway.Client.GetStringAsync("odata/acme/deleted_records?$select=key_values&$filter=table_name eq 'invoices'", Token);
        Assert.Contains($"{{\\\"id\\\":{deleted}}}", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_share_tables_and_budget_and_the_tables_of_a_dead_one_are_taken_over()
    {
        const int Rate = 20, Burst = 10;
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["invoices", "suppliers", "users", "purchase_orders"], rate: Rate, burst: Burst);
        var one = await bench.StartGatewayAsync();
        var other = await bench.StartGatewayAsync(("Sync__TablesAtOnce", "1"));
        await SyncBench.UntilIdleAsync(one);
        await bench.AssertEqualsTenantAsync(other);

        // Each table once, by one of them, and together within the budget.
        var loads = (await SyncBench.SendAsync(other, HttpMethod.Get, "syncs")).Body.EnumerateArray().SelectMany(static run => run.GetProperty("tables").EnumerateArray())
            .Where(static table => table.GetProperty("state").GetString() == "succeeded").ToArray();
        Assert.Equal(["invoices", "purchase_orders", "suppliers", "users"], loads.Select(static table => table.GetProperty("table").GetString()).Order(StringComparer.Ordinal));
        Assert.All(loads, static table => Assert.Equal(1, table.GetProperty("attempts").GetInt32()));
        Assert.InRange(bench.Sandbox.Control.PeakRequestsPerSecond, 1, Rate + Burst);

        bench.Sandbox.Control.PageDelay = TimeSpan.FromMilliseconds(300);
        var run = (await SyncBench.StartRunAsync(one, "full"))!;
        await one.UntilAsync(async () => (await SyncBench.SendAsync(one, HttpMethod.Get, $"syncs/{run}")).Body.GetProperty("state").GetString() == "running", "the run runs", Token);
        await one.KillAsync(Token);
        var ended = await SyncBench.EndOfAsync(other, run);
        Assert.Equal("succeeded", ended.GetProperty("state").GetString());
        await bench.AssertEqualsTenantAsync(other);
        Assert.InRange(bench.Sandbox.Control.PeakRequestsPerSecond, 1, Rate + Burst);
    }

    [Fact]
    public async Task A_reader_loads_nothing_and_sees_what_a_worker_loads()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["invoices"]);
        var reader = await bench.StartGatewayAsync(("Sync__Role", "Reader"));
        var run = (await SyncBench.StartRunAsync(reader, "full"))!;
        Assert.Empty(bench.Sandbox.Control.Requests);
        await bench.StartGatewayAsync(("Sync__Role", "Worker"));

        await SyncBench.EndOfAsync(reader, run);

        await bench.AssertEqualsTenantAsync(reader);
    }
}
