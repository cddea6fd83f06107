using System.Collections.Concurrent;
using System.Text.Json;
using CoupaGateway.EndToEnd.Tests.Syncs;

namespace CoupaGateway.EndToEnd.Tests.Health;

/// <summary>
/// Gateways that are asked to end lose nothing. <c>COUPA_GATEWAY_DRAIN_REQUESTS</c> sets how many requests are made meanwhile; <c>tests/full-scale</c> makes 10,000.
/// </summary>
public sealed class DrainTests
{
    private const int Clients = 4;

    private static readonly (string Name, string Value)[] Drains = [("Shutdown__Delay", "00:00:01"), ("Shutdown__GracePeriod", "00:00:30")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Requests => int.TryParse(Environment.GetEnvironmentVariable("COUPA_GATEWAY_DRAIN_REQUESTS"), out var requests) ? requests : 400;

    [Fact]
    public async Task While_gateways_restart_one_after_another_no_request_fails()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.2, tables: ["invoices", "suppliers"]);
        await using var balancer = await LoadBalancer.StartAsync(Token);
        var gateways = new Queue<GatewayProcess>();
        await StartAsync();
        await SyncBench.UntilIdleAsync(gateways.Peek());
        await StartAsync();
        var rows = bench.Sandbox.Control.CountRows("invoices");
        var failures = new ConcurrentQueue<string>();
        var sent = 0;

        // The load goes on until there were enough requests and every gateway was exchanged.
        var exchanged = 0;
        using var client = new HttpClient { BaseAddress = balancer.Address };
        var load = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(LoadAsync, Token)));
        while (!load.IsCompleted && (exchanged < 2 || Volatile.Read(ref sent) < Requests))
        {
            var old = gateways.Dequeue();
            Assert.Equal(0, await old.StopAsync(Token));
            balancer.Remove(old.Address);
            await StartAsync();
            exchanged++;
        }

        await load;
        Assert.Empty(failures);
        Assert.InRange(sent, Requests, int.MaxValue);

        async Task StartAsync()
        {
            var gateway = await bench.StartGatewayAsync(Drains);
            gateways.Enqueue(gateway);
            balancer.Add(gateway.Address);
            var expected = gateways.Count;
            await gateway.UntilAsync(() => Task.FromResult(balancer.Ready == expected), "the load balancer knows it", Token);
        }

        async Task LoadAsync()
        {
            while (Interlocked.Increment(ref sent) is var number && (number <= Requests || Volatile.Read(ref exchanged) < 2))
            {
                if (await FindFailureAsync(client, number, rows) is { } failure)
                    failures.Enqueue(failure);
            }
        }
    }

    [Fact]
    public async Task A_gateway_that_is_asked_to_end_hands_its_work_over_at_once()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.3, tables: ["invoices"], rate: 50, burst: 10);
        (string, string)[] settings = [.. Drains, ("Sync__LeaseLifetime", "00:05:00")];
        var first = await bench.StartGatewayAsync(settings);
        await SyncBench.UntilIdleAsync(first);
        bench.Sandbox.Control.PageDelay = TimeSpan.FromMilliseconds(300);
        var run = (await SyncBench.StartRunAsync(first, "full"))!;
        await first.UntilAsync(async () => (await TableAsync(first, run)).GetProperty("recordsRead").GetInt64() > 0, "records are read", Token);

        Assert.Equal(0, await first.StopAsync(Token));

        Assert.Equal("0", await bench.AskRedisAsync("EXISTS", "cg:{acme}:invoices:lease"));
        bench.Sandbox.Control.PageDelay = TimeSpan.Zero;
        var second = await bench.StartGatewayAsync(settings);
        var end = await SyncBench.EndOfAsync(second, run);
        Assert.Equal("succeeded", end.GetProperty("state").GetString());
        Assert.Equal(2, end.GetProperty("tables")[0].GetProperty("attempts").GetInt32());
        await bench.AssertEqualsTenantAsync(second);
    }

    [Fact]
    public async Task Probes_tell_the_start_the_end_and_a_cache_that_is_away_apart()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.05, tables: ["suppliers"]);
        var gateway = await bench.StartGatewayAsync(("Shutdown__Delay", "00:00:03"), ("Health__CacheGrace", "00:00:01"), ("Management__Port", "0"));
        await gateway.UntilAsync(async () => await StatusAsync("startupz") == 200, "it has started", Token);
        await SyncBench.UntilIdleAsync(gateway);
        Assert.Equal(200, await StatusAsync("readyz"));

        await bench.Redis.RestartAsync(async () =>
        {
            await gateway.UntilAsync(async () => await StatusAsync("readyz") == 503, "it is not ready without its cache", Token);
            Assert.Equal(200, await StatusAsync("livez"));
        });

        // Redis has lost everything, and with it the connection's tables: they are loaded again.
        await gateway.UntilAsync(async () => await StatusAsync("readyz") == 200, "it is ready again", Token);
        var end = gateway.StopAsync(Token);
        await gateway.UntilAsync(async () => await StatusAsync("readyz") == 503, "it drains", Token);
        using (var response = await gateway.Client.GetAsync("livez", Token))
        {
            Assert.True(response.IsSuccessStatusCode);
            Assert.True(response.Headers.ConnectionClose);
        }

        Assert.Equal(0, await end);

        async Task<int> StatusAsync(string path) => (int)(await gateway.Client.GetAsync(path, Token)).StatusCode;
    }

    private static async Task<JsonElement> TableAsync(GatewayProcess gateway, string run) => (await SyncBench.SendAsync(gateway, HttpMethod.Get, $"syncs/{run}")).Body.GetProperty("tables")[0];

    /// <returns>What went wrong with a request; null when its answer is whole.</returns>
    private static async Task<string?> FindFailureAsync(HttpClient client, int number, long rows)
    {
        var (path, expected) = (number % 4) switch
        {
            0 => ("odata/acme/invoices?$select=id,invoice_number", rows),
            1 => ("odata/acme/invoice_lines?$filter=id gt 0&$top=50&$orderby=description", 50),
            2 => ("odata/acme/invoices?$format=csv&$select=id,status", rows),
            _ => ("odata/acme/suppliers/$count", -1),
        };
        try
        {
            using var response = await client.GetAsync(path, Token);
            var body = await response.Content.ReadAsStringAsync(Token);
            var found = !response.IsSuccessStatusCode || expected < 0 ? expected
                : path.Contains("csv", StringComparison.Ordinal) ? body.AsSpan().Count('\n') - 1
                : JsonDocument.Parse(body).RootElement.GetProperty("value").GetArrayLength();
            return response.IsSuccessStatusCode && found == expected ? null : $"{path}: {(int)response.StatusCode}, {found} of {expected} rows";
        }
        catch (Exception error) when (error is HttpRequestException or JsonException)
        {
            return $"{path}: {error.Message}";
        }
    }
}
