using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox.Faults;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>What goes wrong upstream, in Redis and on the local disk.</summary>
public sealed class FaultTests
{
    /// <summary>How long Redis stands still; <c>tests/full-scale</c> has it stand still for 30 s.</summary>
    private static TimeSpan Pause => TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("COUPA_GATEWAY_PAUSE_SECONDS"), out var seconds) ? seconds : 6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upstream_faults_that_pass_cost_time_and_nothing_else()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.4, tables: ["invoices", "suppliers", "users"]);
        var control = bench.Sandbox.Control;

        // A run counts the requests that it makes again for pages, not those for the smallest and the largest id, with which each table begins.
        const int Probes = 2 * 3;
        control.AddFault(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = "1", Skip = Probes + 3, Count = 2 });
        control.AddFault(new Fault { Kind = FaultKind.Status, Status = 429, Skip = Probes + 6, Count = 2 });
        control.AddFault(new Fault { Kind = FaultKind.Status, Status = 503, Skip = Probes + 9, Count = 4 });
        control.AddFault(new Fault { Kind = FaultKind.Drop, Skip = Probes + 12, Count = 2 });
        control.AddFault(new Fault { Kind = FaultKind.Cut, Skip = Probes + 14, Count = 2 });
        control.AddFault(new Fault { Kind = FaultKind.Html, Skip = Probes + 16, Count = 1 });
        control.AddFault(new Fault { Kind = FaultKind.Delay, DelayMilliseconds = 500, Skip = Probes + 18, Count = 2 });
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        await bench.AssertEqualsTenantAsync(gateway);
        var retries = (await SyncBench.SendAsync(gateway, HttpMethod.Get, "syncs")).Body.EnumerateArray()
            .SelectMany(static run => run.GetProperty("tables").EnumerateArray()).Sum(static table => table.GetProperty("retries").GetInt64());
        Assert.True(retries >= 8, $"{retries}");

        // A token that is taken back in the middle.
        control.PageDelay = TimeSpan.FromMilliseconds(50);
        var full = (await SyncBench.StartRunAsync(gateway, "full"))!;
        await Task.Delay(300, Token);
        control.RevokeTokens();
        Assert.Equal("succeeded", (await SyncBench.EndOfAsync(gateway, full)).GetProperty("state").GetString());
        await bench.AssertEqualsTenantAsync(gateway);
    }

    [Theory]
    [InlineData(FaultKind.Redirect, "redirects")]
    [InlineData(FaultKind.Endless, "larger than the limit")]
    [InlineData(FaultKind.Html, "web page")]
    [InlineData(FaultKind.Huge, "larger than the limit")]
    [InlineData(FaultKind.GzipBomb, "larger than the limit")]
    [InlineData(FaultKind.Deep, "levels deep")]
    public async Task Upstream_faults_that_stay_fail_one_table_with_its_cause_and_readers_keep_what_they_have(FaultKind kind, string cause)
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.05, tables: ["invoices", "suppliers"]);
        var gateway = await bench.StartGatewayAsync(("Connections__acme__MaxRetries", "1"), ("Connections__acme__MaxBodyBytes", "2000000"));
        await SyncBench.UntilIdleAsync(gateway);
        var version = await VersionAsync(gateway);
        bench.Sandbox.Control.AddFault(new Fault { Kind = kind, Path = "/api/invoices", Location = "https://login.example.com/" });

        var run = await SyncBench.EndOfAsync(gateway, (await SyncBench.StartRunAsync(gateway, "full"))!);

        Assert.Equal("failed", run.GetProperty("state").GetString());
        var tables = run.GetProperty("tables").EnumerateArray().ToDictionary(static table => table.GetProperty("table").GetString()!);
        Assert.Contains(cause, tables["invoices"].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("succeeded", tables["suppliers"].GetProperty("state").GetString());
        Assert.Equal(version, await VersionAsync(gateway));
        bench.Sandbox.Control.ClearFaults();
        await bench.AssertEqualsTenantAsync(gateway);
        await SyncBench.RunAsync(gateway, "full");
    }

    [Theory]
    [InlineData(FaultKind.Huge)]
    [InlineData(FaultKind.GzipBomb)]
    [InlineData(FaultKind.Endless)]
    public async Task However_many_bodies_have_no_end_memory_stays_bounded(FaultKind kind)
    {
        await using var bench = await SyncBench.StartAsync(scale: 1, tables: ["invoices", "suppliers"]);
        var gateway = await bench.StartGatewayAsync(("Connections__acme__MaxRetries", "1"), ("Sync__Readers", "32"));
        await SyncBench.UntilIdleAsync(gateway);
        var before = gateway.PeakMemory;
        bench.Sandbox.Control.AddFault(new Fault { Kind = kind, Skip = 4 });

        var run = await SyncBench.EndOfAsync(gateway, (await SyncBench.StartRunAsync(gateway, "full"))!);

        // Each body may have 64 MB, and 32 are asked for at once, which would be 2 GB.
        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.InRange(gateway.PeakMemory - before, 0, 600L << 20);
    }

    [Fact]
    public async Task Late_updates_are_found_by_looking_back()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.05, tables: ["invoices"]);
        var control = bench.Sandbox.Control;
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        var late = control.Ids("invoices").ElementAt(5);
        control.Update("invoices", late, new JsonObject { ["status"] = "late", ["updated-at"] = DateTimeOffset.UtcNow.AddDays(-3).ToString("yyyy-MM-dd'T'HH:mm:sszzz") });

        await SyncBench.RunAsync(gateway, "delta");
        Assert.NotEqual("late", await StatusAsync());
        await SyncBench.RunAsync(gateway, "delta", looksBack: true);
        await gateway.UntilAsync(async () => await StatusAsync() == "late", "the late update is there", Token);
        await bench.AssertEqualsTenantAsync(gateway);

        async Task<string?> StatusAsync() => JsonDocument.Parse(await gateway.Client.GetStringAsync($"odata/acme/invoices({late})?$select=status", Token)).RootElement.GetProperty("status").GetString();
    }

    [Theory]
    [InlineData("restarted")]
    [InlineData("flushed")]
    [InlineData("paused")]
    [InlineData("full")]
    [InlineData("evicting")]
    public async Task Whatever_redis_does_readers_see_whole_tables_and_the_loads_go_on_by_themselves(string what)
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["invoices", "suppliers"], pageDelay: TimeSpan.FromMilliseconds(40));
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        var rows = bench.Sandbox.Control.CountRows("invoice_lines");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = SyncBench.ReadUntilAsync(gateway, rows, stop.Token);
        await SyncBench.StartRunAsync(gateway, "full");
        await Task.Delay(400, Token);
        switch (what)
        {
            case "restarted":
                await bench.Redis.RestartAsync(() => Task.Delay(1_000, Token));
                break;
            case "flushed":
                await bench.AskRedisAsync("FLUSHALL");
                break;
            case "paused":
                await bench.AskRedisAsync("CLIENT", "PAUSE", $"{Pause.TotalMilliseconds}", "ALL");
                break;
            case "full":
                await bench.AskRedisAsync("CONFIG", "SET", "maxmemory", "1mb");
                await Task.Delay(1_500, Token);
                await bench.AskRedisAsync("CONFIG", "SET", "maxmemory", "0");
                break;
            case "evicting":
                await bench.AskRedisAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
                await bench.AskRedisAsync("CONFIG", "SET", "maxmemory", "1500kb");
                await Task.Delay(500, Token);
                await bench.AskRedisAsync("CONFIG", "SET", "maxmemory", "0");
                break;
        }

        await SyncBench.UntilIdleAsync(gateway);
        await stop.CancelAsync();
        await reading;
        await bench.AssertEqualsTenantAsync(gateway);
        await SyncBench.RunAsync(gateway, "delta");
        await bench.AssertEqualsTenantAsync(gateway);
    }

    [Fact]
    public async Task A_local_chunk_cache_that_is_deleted_or_damaged_gives_right_rows_or_503()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.1, tables: ["invoices"]);
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);
        await bench.AssertEqualsTenantAsync(gateway);
        var chunks = Path.Combine(bench.FolderOf(gateway), "chunks");

        foreach (var file in Directory.EnumerateFiles(chunks, "*.parquet"))
            await File.WriteAllBytesAsync(file, new byte[new FileInfo(file).Length], Token);
        await bench.AssertEqualsTenantAsync(gateway);

        foreach (var file in Directory.EnumerateFiles(chunks, "*.parquet"))
            File.Delete(file);
        await bench.AssertEqualsTenantAsync(gateway);

        Directory.Delete(chunks, recursive: true);
        var rows = bench.Sandbox.Control.CountRows("invoice_lines");
        using (var response = await gateway.Client.GetAsync("odata/acme/invoice_lines?$select=id&$filter=id gt 0&$top=5000", Token))
        {
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
            if (response.StatusCode == HttpStatusCode.OK)
                Assert.Equal(rows, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("value").GetArrayLength());
        }
    }

    private static async Task<long> VersionAsync(GatewayProcess gateway) => (await SyncBench.SendAsync(gateway, HttpMethod.Get, "tables")).Body.EnumerateArray()
        .Single(static table => table.GetProperty("name").GetString() == "invoices").GetProperty("version").GetInt64();
}
