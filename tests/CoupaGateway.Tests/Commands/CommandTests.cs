using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using CoupaGateway.Sandbox;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Tests.Commands;

/// <summary>Every command, with its exit codes: 0 well, 1 not well, 2 unusable, 3 unreachable.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cg-commands-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Version_and_help()
    {
        var version = await CommandRun.OfAsync("--version");
        Assert.Equal(0, version.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", version.Output);
        Assert.Contains("coupa-gateway [command]", (await CommandRun.OfAsync("--help")).Output, StringComparison.Ordinal);

        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cli.md"), Token);
        foreach (var command in new[] { "serve", "demo", "check", "sync", "status", "test-connection", "metadata validate", "key create" })
        {
            var help = await CommandRun.OfAsync([.. command.Split(' '), "--help"]);
            Assert.Equal(0, help.Code);
            Assert.Contains("Description:", help.Output, StringComparison.Ordinal);
            Assert.Contains($"`{command}", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("chek")]
    [InlineData("serve", "now")]
    [InlineData("check", "everything")]
    [InlineData("demo", "--port", "70000")]
    [InlineData("sync")]
    [InlineData("status", "acme", "now")]
    [InlineData("serve", "--Sync:Readers=many")]
    [InlineData("metadata", "validate", "x.json", "--api-version", "R99")]
    [InlineData("metadata", "validate", "no-such-file.json")]
    [InlineData("key", "create", "x", "--role", "boss")]
    [InlineData("key", "create", " ")]
    [InlineData("key", "create", "x", "--role", "admin", "--connection", "acme")]
    [InlineData("status", "--url", "ftp://gateway")]
    [InlineData("status", "--key-file", "no-such-file")]
    public async Task What_cannot_be_understood_ends_with_2(params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);

        Assert.Equal(2, run.Code);
        Assert.NotEmpty(run.Errors);
    }

    [Fact]
    public async Task Check_tells_all_faults_of_the_configuration()
    {
        var run = await CommandRun.OfAsync("check", "--json", "--Sync:Readers=many", "--Cache:Redis=redis:6379,pasword=hush", "--Query:Thread=1");

        Assert.Equal(2, run.Code);
        Assert.False(run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(3, run.Json.GetProperty("configuration").GetArrayLength());
        Assert.DoesNotContain("hush", run.Output, StringComparison.Ordinal);
        Assert.Contains("- Sync:Readers: 'many'", (await CommandRun.OfAsync("check", "--Sync:Readers=many")).Output, StringComparison.Ordinal);

        // Those of connections are among them, whether or not a gateway could be made by the rest.
        string[] connection = ["--Connections:acme:Instance=ftp://acme", "--Connections:acme:RequestsPerSecond=-3"];
        foreach (var rest in new[] { [], new[] { "--Sync:Readers=0" }, ["--Sync:Readers=many"], ["--Outbound:AllowLoopback=perhaps"] })
        {
            foreach (var command in new[] { "check", "serve" })
            {
                var both = await CommandRun.OfAsync([command, .. rest, .. connection]);
                Assert.Equal(2, both.Code);
                var told = both.Output + both.Errors;
                Assert.All(rest, setting => Assert.Contains(setting[2..setting.IndexOf('=', StringComparison.Ordinal)], told, StringComparison.Ordinal));
                if (!rest.Contains("--Outbound:AllowLoopback=perhaps"))
                    Assert.All(["Instance must begin with https://", "RequestsPerSecond must be", "ClientSecret is missing"], fault => Assert.Contains(fault, told, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Check_looks_at_the_cache_server_beside_a_gateway_that_runs()
    {
        await using var redis = await RedisProcess.StartAsync(null, "--maxmemory", "256mb");
        await using var gateway = await GatewayHost.StartAsync(redis: redis);
        string[] settings = [$"--Cache:Redis=127.0.0.1:{redis.Port},connectTimeout=500", $"--Cache:Folder={gateway.Folder}"];

        var well = await CommandRun.OfAsync(["check", "--json", .. settings]);
        Assert.True(well.Code == 0, well.Output + well.Errors);
        Assert.True(well.Json.GetProperty("ok").GetBoolean());

        await redis.AskAsync("CONFIG SET maxmemory-policy allkeys-lru\r\n", "+OK");
        var evicts = await CommandRun.OfAsync(["check", .. settings]);
        Assert.Equal(1, evicts.Code);
        Assert.Contains("error cache_evicts:", evicts.Output, StringComparison.Ordinal);

        var away = await CommandRun.OfAsync("check", $"--Cache:Redis=127.0.0.1:{RedisProcess.FreePort()},connectTimeout=200", settings[1]);
        Assert.Equal(1, away.Code);
        Assert.Contains("cache_unreachable", away.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_tests_connections_and_the_data_folder()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        string[] settings =
        [
            "--Outbound:AllowLoopback=true", "--Connections:acme:Tables:0=invoices", "--Connections:acme:Pseudonymization:BuiltInRules=false",
            $"--Connections:acme:Instance={sandbox.BaseAddress}", $"--Connections:acme:ClientId={new SandboxOptions().ClientId}",
        ];
        var secret = $"--Connections:acme:ClientSecret={new SandboxOptions().ClientSecret}";

        var well = await CommandRun.OfAsync(["check", "--json", $"--Cache:Folder={_folder}", secret, .. settings]);
        Assert.True(well.Code == 0, well.Output + well.Errors);
        Assert.Equal("acme", well.Json.GetProperty("connections")[0].GetProperty("name").GetString());

        var refused = await CommandRun.OfAsync(["check", $"--Cache:Folder={_folder}", "--Connections:acme:ClientSecret=wrong", .. settings]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("Connection acme: Failed", refused.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.OfAsync(["check", "--offline", $"--Cache:Folder={_folder}", "--Connections:acme:ClientSecret=wrong", .. settings])).Code);

        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", Token);
        var folder = await CommandRun.OfAsync(["check", "--offline", $"--Cache:Folder={file}"]);
        Assert.Equal(1, folder.Code);
        Assert.Contains("cannot be written", folder.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_is_checked_without_a_gateway()
    {
        var document = Path.Combine(_folder, "metadata.json");
        await File.WriteAllTextAsync(document, """{ "resources": [ { "displayName": "things", "columns": [ { "name": "id", "type": "nothing" } ] } ] }""", Token);
        var wrong = await CommandRun.OfAsync("metadata", "validate", document, "--json");
        Assert.Equal(1, wrong.Code);
        Assert.False(wrong.Json.GetProperty("valid").GetBoolean());
        Assert.StartsWith("/resources/0", wrong.Json.GetProperty("findings")[0].GetProperty("pointer").GetString(), StringComparison.Ordinal);
        Assert.Contains("cannot be saved", (await CommandRun.OfAsync("metadata", "validate", document)).Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(document, """{ "resources": [] }""", Token);
        var right = await CommandRun.OfAsync("metadata", "validate", document);
        Assert.Equal(0, right.Code);
        Assert.Contains("can be saved", right.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_made_without_a_gateway_and_holds_in_one()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(redis: redis);

        var made = await CommandRun.OfAsync("key", "create", "nightly", "--role", "operator", "--json", $"--Cache:Redis={redis.ConnectionString}", $"--Cache:Folder={gateway.Folder}");

        Assert.True(made.Code == 0, made.Errors);
        Assert.Equal("operator", made.Json.GetProperty("role").GetString());
        using var client = gateway.Client(made.Json.GetProperty("key").GetString()!);
        await Eventually.TrueAsync(async () => (await client.GetAsync("api/v1/health", Token)).IsSuccessStatusCode);

        var away = await CommandRun.OfAsync("key", "create", "x", $"--Cache:Redis=127.0.0.1:{RedisProcess.FreePort()},connectTimeout=200");
        Assert.Equal(3, away.Code);
        Assert.Contains("cache_unreachable", away.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandRun.OfAsync("key", "create", "x", "--Cache:Redis=redis:6379,pasword=hush")).Code);
    }

    [Fact]
    public async Task A_key_is_made_in_the_embedded_cache_unless_a_gateway_has_it()
    {
        var made = await CommandRun.OfAsync("key", "create", "first", "--role", "admin", "--expires", "2999-01-01T00:00:00Z", $"--Cache:Folder={_folder}");
        Assert.True(made.Code == 0, made.Errors);
        Assert.Matches(@"^cgk_\S+\s*$", made.Output);

        await using var taken = new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var refused = await CommandRun.OfAsync("key", "create", "second", $"--Cache:Folder={_folder}");
        Assert.Equal(3, refused.Code);
        Assert.Contains("another gateway runs on it", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_gateway_is_asked()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.AddSandboxAsync("acme", sandbox, ["invoices"]);
        await gateway.UntilLoadedAsync("acme");
        var (_, key) = await gateway.KeyAsync(new KeyInput { Name = "commands", Role = GatewayRole.Operator });
        var keyFile = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(keyFile, key + "\n", Token);
        string[] access = ["--url", gateway.Anonymous.BaseAddress!.ToString(), "--key-file", keyFile];

        var status = await CommandRun.OfAsync(["status", "--json", .. access]);
        Assert.True(status.Code == 0, status.Errors);
        Assert.Equal("ready", status.Json.GetProperty("status").GetString());
        Assert.StartsWith("ready", (await CommandRun.OfAsync(["status", .. access])).Output, StringComparison.Ordinal);

        var tables = await CommandRun.OfAsync(["status", "acme", .. access]);
        Assert.Equal(0, tables.Code);
        Assert.Contains("invoices ", tables.Output, StringComparison.Ordinal);
        Assert.Contains(" rows", tables.Output, StringComparison.Ordinal);

        // Until the first load, whose table can be read already, has ended.
        CommandRun? sync = null;
        await Eventually.TrueAsync(async () =>
            !(sync = await CommandRun.OfAsync(["sync", "acme", "--mode", "reconcile", "--table", "invoices", "--wait", "--json", .. access])).Errors.StartsWith("409", StringComparison.Ordinal));
        Assert.True(sync!.Code == 0, sync.Errors + sync.Output);
        Assert.Equal("succeeded", sync.Json.GetProperty("state").GetString());
        var unknown = await CommandRun.OfAsync(["sync", "acme", "--table", "nothing", .. access]);
        Assert.Equal(1, unknown.Code);
        Assert.Contains("no API table of the connection", unknown.Errors, StringComparison.Ordinal);

        var test = await CommandRun.OfAsync(["test-connection", "acme", .. access]);
        Assert.True(test.Code == 0, test.Errors + test.Output);
        Assert.Contains("token", test.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await CommandRun.OfAsync(["test-connection", "nobody", .. access])).Code);

        var keyless = await CommandRun.OfAsync("status", "--url", access[1]);
        Assert.Equal(1, keyless.Code);
        Assert.Contains("COUPA_GATEWAY_KEY", keyless.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(key, string.Join("", status.Output, sync.Output, test.Output, keyless.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_answers() => Assert.Equal(3, (await CommandRun.OfAsync("status", "--url", $"http://127.0.0.1:{RedisProcess.FreePort()}")).Code);
}
