using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CoupaGateway.EndToEnd.Tests.Syncs;
using StackExchange.Redis;

namespace CoupaGateway.EndToEnd.Tests.Surroundings;

/// <summary>What a gateway does when what it needs is not as it should be: it says so, and neither loops nor lies.</summary>
public sealed class SurroundingsTests
{
    private const string Password = "secret-of-the-test";

    private static readonly string Gateway = Path.Combine(AppContext.BaseDirectory, "CoupaGateway.dll");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_ends_the_start_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file"); // root can write where others cannot, but not here
        await File.WriteAllTextAsync(file, "", Token);

        var (code, output, errors) = await Tool.TryAsync("dotnet", ["exec", Gateway, "serve", "--urls=http://127.0.0.1:0", $"--Cache:Folder={Path.Combine(file, "data")}"], cancellationToken: Token);

        Assert.Equal(3, code);
        Assert.Contains("cannot be used", errors, StringComparison.Ordinal);
        Assert.Contains("Cache:Folder", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors + output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_gateway_on_the_folder_ends_and_the_first_goes_on()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["suppliers"]);
        using var folder = new TemporaryFolder();
        var first = await bench.StartGatewayAsync(("Cache__Folder", folder.Path));

        var (code, _, errors) = await Tool.TryAsync(
            "dotnet", ["exec", Gateway, "serve", "--urls=http://127.0.0.1:0", $"--Cache:Folder={folder.Path}", $"--Cache:Redis={bench.Redis.ConnectionString}"], cancellationToken: Token);

        Assert.Equal(3, code);
        Assert.Contains("another gateway runs on it", errors, StringComparison.Ordinal);
        await SyncBench.UntilIdleAsync(first);
    }

    [Fact]
    public async Task Commands_take_address_and_key_from_the_environment()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["suppliers"]);
        var gateway = await bench.StartGatewayAsync();
        await SyncBench.UntilIdleAsync(gateway);

        var (code, output, errors) = await AskAsync(key: "");
        Assert.True(code == 0, errors);
        Assert.Equal("ready", JsonDocument.Parse(output).RootElement.GetProperty("status").GetString());

        var (refused, _, reason) = await AskAsync(key: "cgk_0123456789abcdef_wrong");
        Assert.Equal(1, refused);
        Assert.StartsWith("401:", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", reason, StringComparison.Ordinal);

        Task<(int Code, string Output, string Errors)> AskAsync(string key) => Tool.TryAsync(
            "dotnet",
            ["exec", Gateway, "status", "--json"],
            new Dictionary<string, string> { ["COUPA_GATEWAY_URL"] = gateway.Address.ToString(), ["COUPA_GATEWAY_KEY"] = key },
            Token);
    }

    [Fact]
    public async Task A_redis_that_refuses_at_the_start_is_waited_for()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["suppliers"]);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(bench.Redis.ConnectionString);
        await SetPasswordAsync(admin, Password);

        var gateway = await bench.StartGatewayAsync();
        await gateway.UntilAsync(() => Task.FromResult(gateway.Output.Contains("cache_authentication_failed", StringComparison.Ordinal)), "it says that the password is refused", Token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "livez"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway, "startupz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway, "readyz"));

        await SetPasswordAsync(admin, "");
        await gateway.UntilAsync(async () => await StatusAsync(gateway, "readyz") == HttpStatusCode.OK, "it is ready", Token);
        await SyncBench.UntilIdleAsync(gateway);
    }

    [Fact]
    public async Task A_redis_that_refuses_later_leaves_feeds_readable_and_is_told_to_operators()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["suppliers"]);
        var gateway = await bench.StartGatewayAsync(("Health__CacheGrace", "00:00:02"), ("Management__Port", "0"));
        await SyncBench.UntilIdleAsync(gateway);
        Assert.Equal(bench.Sandbox.Control.CountRows("suppliers"), await ReadSuppliersAsync(gateway));
        await using var admin = await ConnectionMultiplexer.ConnectAsync(bench.Redis.ConnectionString);
        await SetPasswordAsync(admin, Password);
        await admin.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        await gateway.UntilAsync(async () => await StatusAsync(gateway, "readyz") == HttpStatusCode.ServiceUnavailable, "it is not ready", Token);
        Assert.Equal(bench.Sandbox.Control.CountRows("suppliers"), await ReadSuppliersAsync(gateway));
        Assert.Equal("""{"status":"unready"}""", await BodyAsync(gateway, "readyz"));
        var health = JsonDocument.Parse(await BodyAsync(gateway, "api/v1/health")).RootElement;
        Assert.Equal("cache-unreachable", health.GetProperty("reasons")[0].GetString());
        Assert.False(health.GetProperty("cacheReachable").GetBoolean());

        await SetPasswordAsync(admin, "");
        await gateway.UntilAsync(async () => await StatusAsync(gateway, "readyz") == HttpStatusCode.OK, "it is ready again", Token);
    }

    [Fact]
    public async Task What_runs_longer_than_the_grace_period_is_cut_off_and_the_gateway_ends()
    {
        await using var bench = await SyncBench.StartAsync(scale: 0.02, tables: ["suppliers"]);
        var gateway = await bench.StartGatewayAsync(("Shutdown__GracePeriod", "00:00:03"));
        await SyncBench.UntilIdleAsync(gateway);

        // A connection test, of a tenant that takes half a minute for every answer.
        bench.Sandbox.Control.PageDelay = TimeSpan.FromSeconds(30);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        var before = Tokens(bench);
        var asking = client.PostAsync(SyncBench.Api + "test", content: null, Token);
        await gateway.UntilAsync(() => Task.FromResult(Tokens(bench) > before), "the test has begun", Token);
        Assert.False(asking.IsCompleted);

        var watch = Stopwatch.StartNew();
        await gateway.StopAsync(Token);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    private static long Tokens(SyncBench bench) => bench.Sandbox.Control.Requests.Where(static request => request.Key.Path == "/oauth2/token").Sum(static request => request.Value);

    private static async Task SetPasswordAsync(IConnectionMultiplexer admin, string password) =>
        await admin.GetServers()[0].ExecuteAsync("CONFIG", "SET", "requirepass", password);

    private static async Task<long> ReadSuppliersAsync(GatewayProcess gateway) =>
        JsonDocument.Parse(await BodyAsync(gateway, "odata/acme/suppliers?$select=id,name")).RootElement.GetProperty("value").GetArrayLength();

    private static async Task<HttpStatusCode> StatusAsync(GatewayProcess gateway, string path)
    {
        using var response = await gateway.Client.GetAsync(path, Token);
        return response.StatusCode;
    }

    private static async Task<string> BodyAsync(GatewayProcess gateway, string path)
    {
        using var response = await gateway.Client.GetAsync(path, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
