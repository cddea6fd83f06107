using System.Globalization;
using System.Text.Json;
using CoupaGateway.Connections;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Sandbox;
using CoupaGateway.Sandbox.Faults;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;
using CoupaGateway.Tests.Shared;
using StackExchange.Redis;

namespace CoupaGateway.Tests.Connections;

/// <summary>The connection test against a sandbox that is reached, configured or broken in one way each.</summary>
public sealed class ConnectionTestEndpointTests
{
    private static readonly string[] Tables = ["suppliers", "departments"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_valid_tenant_passes_every_step_and_the_result_is_kept()
    {
        await using var sandbox = await StartAsync();
        await using var host = await GatewayHost.StartAsync();
        await host.AddSandboxAsync("acme", sandbox, Tables);

        var (never, _, _) = await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/connections/acme/test");
        var report = await TestAsync(host, "api/v1/connections/acme/test", body: null);
        var (_, kept, _) = await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/connections/acme/test");

        Assert.Equal(404, never);
        Assert.True(report.GetProperty("state").GetString() == "ok", report.ToString());
        Assert.Equal(
            ["address", "name", "transport", "token", "scope", "record", "clock", "paging", "custom-metadata", "pseudonym-key", "cache"],
            report.GetProperty("steps").EnumerateArray().Select(static step => step.GetProperty("step").GetString()!).Distinct());
        Assert.Equal(report.GetRawText(), JsonDocument.Parse(kept).RootElement.GetRawText());
    }

    [Theory]
    [InlineData("secret", "token", "coupa_invalid_client")]
    [InlineData("scope", "scope", "coupa_invalid_scope")]
    [InlineData("port", "transport", "coupa_unreachable")]
    [InlineData("login page", "token", "coupa_redirected")]
    [InlineData("html", "token", "coupa_html_page")]
    [InlineData("down", "token", "coupa_server_error")]
    [InlineData("ip", "token", "coupa_token_refused")]
    [InlineData("dropped", "token", "coupa_unreachable")]
    [InlineData("forbidden", "record", "coupa_forbidden")]
    [InlineData("throttled", "record", "coupa_throttled")]
    [InlineData("not accepted", "record", "coupa_unauthorized")]
    [InlineData("page", "record", "coupa_html_page")]
    [InlineData("cut", "record", "coupa_unreachable")]
    [InlineData("tls", "transport", "coupa_tls_failed")]
    [InlineData("name", "name", "coupa_name_not_resolved")]
    [InlineData("key", "pseudonym-key", "pseudonym_key_missing")]
    [InlineData("missing", "record", "coupa_not_found")]
    [InlineData("scheme", "address", "address_malformed")]
    [InlineData("host", "address", "address_malformed")]
    public async Task Each_fault_has_its_own_code_and_fix_and_what_comes_after_is_skipped(string fault, string step, string code)
    {
        await using var sandbox = await StartAsync(fault == "scope" ? ["core.supplier.read"] : null);
        await using var host = await GatewayHost.StartAsync(new Dictionary<string, string?> { ["Outbound:AllowedHosts:0"] = "*.invalid" });
        Fault? planted = fault switch
        {
            "login page" => new Fault { Kind = FaultKind.Redirect, Path = "/oauth2/token" },
            "html" => new Fault { Kind = FaultKind.Html, Path = "/oauth2/token" },
            "down" => new Fault { Kind = FaultKind.Status, Status = 503, Path = "/oauth2/token" },
            "ip" => new Fault { Kind = FaultKind.Status, Status = 403, Path = "/oauth2/token" },
            "dropped" => new Fault { Kind = FaultKind.Drop, Path = "/oauth2/token" },
            "throttled" => new Fault { Kind = FaultKind.Status, Status = 429, Path = "/api/suppliers" },
            "not accepted" => new Fault { Kind = FaultKind.Status, Status = 401, Path = "/api/suppliers" },
            "page" => new Fault { Kind = FaultKind.Html, Path = "/api/suppliers" },
            "cut" => new Fault { Kind = FaultKind.Cut, Path = "/api/suppliers" },
            "forbidden" => new Fault { Kind = FaultKind.Status, Status = 403, Path = "/api/suppliers" },
            "missing" => new Fault { Kind = FaultKind.Status, Status = 404, Path = "/api/suppliers" },
            _ => null,
        };
        if (planted is not null)
            sandbox.Control.AddFault(planted);
        var input = GatewayHost.Sandbox("acme", sandbox, Tables, fault == "secret" ? "wrong" : null);
        input = fault switch
        {
            "port" => input with { Instance = "http://127.0.0.1:1" },
            "scheme" => input with { Instance = "ftp://127.0.0.1" },
            "tls" => input with { Instance = input.Instance.Replace("http:", "https:", StringComparison.Ordinal) },
            "name" => input with { Instance = "https://no-such-tenant-of-coupa.invalid" },
            "key" => input with { Pseudonymization = new() { Keys = [new() { Version = 1, Environment = "NO_SUCH_VARIABLE" }] } },
            "host" => input with { Instance = "https://acme.example.com" },
            _ => input,
        };

        var report = await TestAsync(host, "api/v1/connections/test", input);

        Assert.Equal("failed", report.GetProperty("state").GetString());
        var failed = report.GetProperty("steps").EnumerateArray().First(static line => line.GetProperty("state").GetString() == "failed");
        Assert.True((failed.GetProperty("step").GetString(), failed.GetProperty("code").GetString()) == (step, code), report.ToString());
        Assert.False(string.IsNullOrEmpty(failed.GetProperty("cause").GetString()));
        Assert.False(string.IsNullOrEmpty(failed.GetProperty("fix").GetString()));
        Assert.EndsWith($"#{code}", failed.GetProperty("help").GetString(), StringComparison.Ordinal);
        if (step is "address" or "transport" or "token")
        {
            Assert.All(
                report.GetProperty("steps").EnumerateArray().SkipWhile(line => line.GetProperty("step").GetString() != step).Skip(1),
                static line => Assert.Equal("skipped", line.GetProperty("state").GetString()));
        }
    }

    [Fact]
    public async Task A_missing_scope_costs_its_tables_and_no_other()
    {
        await using var sandbox = await StartAsync(["core.supplier.read"]);
        await using var host = await GatewayHost.StartAsync();

        var report = await TestAsync(host, "api/v1/connections/test", GatewayHost.Sandbox("acme", sandbox, Tables));

        var records = report.GetProperty("steps").EnumerateArray().Where(static line => line.GetProperty("step").GetString() == "record")
            .ToDictionary(static line => line.GetProperty("subject").GetString()!, static line => line.GetProperty("state").GetString());
        Assert.Equal(("ok", "skipped"), (records["suppliers"], records["departments"]));
    }

    [Fact]
    public async Task A_cache_that_is_nearly_full_is_told_with_its_size()
    {
        await using var sandbox = await StartAsync();
        await using var redis = await RedisProcess.StartAsync();
        await using var host = await GatewayHost.StartAsync(redis: redis);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var server = admin.GetServers()[0];
        await admin.GetDatabase().StringSetRangeAsync("filler", 80 << 20, "x"); // less than that is refused whether it is used or not
        var used = long.Parse((await server.InfoAsync("memory")).SelectMany(static group => group).First(static pair => pair.Key == "used_memory").Value, CultureInfo.InvariantCulture);
        await server.ConfigSetAsync("maxmemory", used + (used / 20));

        var report = await TestAsync(host, "api/v1/connections/test", GatewayHost.Sandbox("acme", sandbox, Tables));

        var cache = Assert.Single(report.GetProperty("steps").EnumerateArray(), static line => line.GetProperty("step").GetString() == "cache");
        Assert.True((cache.GetProperty("state").GetString(), cache.GetProperty("code").GetString()) == ("warning", "cache_low_on_space"), report.ToString());
        Assert.Matches(@"^\d+ of the cache server's \d+ MB are used\.", cache.GetProperty("found").GetString());
        Assert.False(string.IsNullOrEmpty(cache.GetProperty("fix").GetString()));
    }

    [Fact]
    public async Task The_steps_stream_as_events_when_asked_for()
    {
        await using var sandbox = await StartAsync();
        await using var host = await GatewayHost.StartAsync();

        var (status, body, response) = await GatewayHost.SendAsync(
            host.Admin, "POST", "api/v1/connections/test", GatewayHost.Sandbox("acme", sandbox, Tables), ("Accept", "text/event-stream"));

        Assert.Equal(200, status);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = body.Split('\n').Where(static line => line.StartsWith("event:", StringComparison.Ordinal)).ToArray();
        Assert.True(events.Length > 10, body);
        Assert.Equal("event: done", events[^1]);
    }

    [Fact]
    public async Task Faulty_settings_and_unknown_connections_are_refused()
    {
        await using var host = await GatewayHost.StartAsync();

        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/test", new ConnectionInput { Instance = "https://acme.coupahost.com", Tables = ["invoicez"] });

        Assert.Equal(400, status);
        Assert.Equal(["clientId", "clientSecret", "tables"], JsonDocument.Parse(body).RootElement.GetProperty("errors").EnumerateObject().Select(static error => error.Name).Order());
        Assert.Equal(404, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/nowhere/test")).Status);
    }

    /// <summary>The page that findings link to is made of the advice in the code. With <c>DOCS_UPDATE=1</c> the test writes it instead.</summary>
    [Fact]
    public async Task The_page_explains_every_code()
    {
        var path = Path.Combine(Repository.Root, "docs", "connection-test.md");
        var page = await File.ReadAllTextAsync(path, Token);
        var head = page[..(page.IndexOf("## Codes", StringComparison.Ordinal) + "## Codes\n".Length)];
        var expected = head + string.Concat(TestCodes.All.Where(static code => TestAdvice.For(code).Cause is not null)
            .Select(static code => $"\n### {code}\n\n{TestAdvice.For(code).Cause} *{TestAdvice.For(code).Fix}*\n"));
        if (Environment.GetEnvironmentVariable("DOCS_UPDATE") == "1")
            await File.WriteAllTextAsync(path, expected, Token);
        else
            Assert.True(page == expected, "docs/connection-test.md is out of date. Run this test with DOCS_UPDATE=1 and look at the difference.");

        Assert.All(TestCodes.All.Where(static code => code != TestCodes.Ok), static code => Assert.NotNull(TestAdvice.For(code).Cause));
    }

    private static Task<SandboxServer> StartAsync(string[]? scopes = null) =>
        SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0, Scopes = scopes }, cancellationToken: Token);

    private static async Task<JsonElement> TestAsync(GatewayHost host, string path, ConnectionInput? body)
    {
        var (status, text, _) = await GatewayHost.SendAsync(host.Admin, "POST", path, body);
        Assert.True(status == 200, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
