using System.Text.Json;
using CoupaGateway.Connections;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tests.Fakes;
using CoupaGateway.Sandbox;
using CoupaGateway.Sandbox.Faults;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Tests.Connections;

/// <summary>A gateway as it is installed, which may not connect to its own machine, and a port there that nobody may reach.</summary>
public sealed class OutboundTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Addresses =>
    [
        "https://127.0.0.1:{port}", "http://127.0.0.1:{port}", "http://localhost:{port}", "https://2130706433:{port}", "https://0x7f.1:{port}", "https://0177.0.0.1:{port}",
        "https://[::1]:{port}", "https://[::ffff:127.0.0.1]:{port}", "https://[64:ff9b::7f00:1]:{port}", "https://[2002:7f00:1::]:{port}", "https://169.254.169.254",
        "https://acme.coupahost.com@127.0.0.1:{port}", "https://user@acme.coupahost.com:{port}", "https://acme.coupahost.com.evil.example:{port}", "https://127.0.0.1:{port}#.coupahost.com",
        "https://127.0.0.1:{port}\\.coupahost.com", "https://[::1", "//127.0.0.1:{port}",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task An_address_elsewhere_can_be_neither_tested_nor_stored(string address)
    {
        await using var trap = new Trap();
        await using var host = await StartAsync(new FakeNames(["127.0.0.1"]));
        var input = Input(address.Replace("{port}", $"{trap.Port}", StringComparison.Ordinal));

        var report = await TestAsync(host, input);
        var (stored, body, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input);

        AssertFailed(report, "address", "address_malformed");
        Assert.Equal(400, stored);
        var fault = Assert.Single(JsonDocument.Parse(body).RootElement.GetProperty("errors").EnumerateObject());
        Assert.Equal("instance", fault.Name);
        Assert.StartsWith("Instance ", fault.Value[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(0, trap.Caught);
    }

    [Theory]
    [InlineData("name", "127.0.0.1")]
    [InlineData("name", "169.254.169.254")]
    [InlineData("name", "::ffff:10.0.0.1")]
    [InlineData("name", "64:ff9b::7f00:1")]
    [InlineData("transport", "1.1.1.1", "127.0.0.1")] // another address when it is to be connected to: DNS rebinding
    [InlineData("transport", "1.1.1.1", "::1")]
    public async Task A_name_that_resolves_to_this_machine_or_its_network_fails_the_test(string step, params string[] answers)
    {
        await using var trap = new Trap();
        await using var host = await StartAsync(new FakeNames([.. answers.Select(static answer => new[] { answer })]));

        var report = await TestAsync(host, Input($"https://acme.coupahost.com:{trap.Port}"));

        AssertFailed(report, step, "coupa_address_refused");
        Assert.Contains($"acme.coupahost.com resolves to {answers[^1]}", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, trap.Caught);
    }

    [Fact]
    public async Task A_name_that_resolves_to_this_machine_fails_a_load_and_the_run_says_why()
    {
        await using var trap = new Trap();
        await using var host = await StartAsync(new FakeNames(["127.0.0.1"]));
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", Input($"https://acme.coupahost.com:{trap.Port}"))).Status);

        var error = "";
        await Eventually.TrueAsync(async () => (error = await RunErrorAsync(host)).Length > 0);

        Assert.Contains("acme.coupahost.com resolves to 127.0.0.1", error, StringComparison.Ordinal);
        Assert.Equal(0, trap.Caught);
    }

    [Theory]
    [InlineData("/oauth2/token", "token")]
    [InlineData("/api/departments", "record")]
    public async Task A_redirect_to_this_machine_is_not_followed(string path, string step)
    {
        await using var trap = new Trap();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        await using var host = await GatewayHost.StartAsync();
        sandbox.Control.AddFault(new Fault { Kind = FaultKind.Redirect, Path = path, Location = $"http://127.0.0.1:{trap.Port}/api/departments" });
        var input = GatewayHost.Sandbox("acme", sandbox, ["departments"]);

        var report = await TestAsync(host, input);
        await host.AddSandboxAsync("acme", sandbox, ["departments"]);
        var error = "";
        await Eventually.TrueAsync(async () => (error = await RunErrorAsync(host)).Length > 0);

        AssertFailed(report, step, "coupa_redirected");
        Assert.Contains("Redirects are not followed", error, StringComparison.Ordinal);
        Assert.Equal(0, trap.Caught);
    }

    private static Task<GatewayHost> StartAsync(IHostResolver names) =>
        GatewayHost.StartAsync(new Dictionary<string, string?> { ["Outbound:AllowLoopback"] = "false" }, services: services => services.AddSingleton(names));

    private static ConnectionInput Input(string instance) => ConnectionTests.Acme() with { Instance = instance, Tables = ["departments"], Pseudonymization = new() { BuiltInRules = false } };

    private static async Task<JsonElement> TestAsync(GatewayHost host, ConnectionInput input)
    {
        var (status, text, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/test", input);
        Assert.True(status == 200, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static void AssertFailed(JsonElement report, string step, string code)
    {
        var failed = report.GetProperty("steps").EnumerateArray().First(static line => line.GetProperty("state").GetString() == "failed");
        Assert.True((failed.GetProperty("step").GetString(), failed.GetProperty("code").GetString()) == (step, code), report.ToString());
        Assert.False(string.IsNullOrEmpty(failed.GetProperty("fix").GetString()));
    }

    /// <summary>What the first run that has failed says; empty as long as none has.</summary>
    private static async Task<string> RunErrorAsync(GatewayHost host)
    {
        var (_, body, _) = await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/connections/acme/syncs");
        return JsonDocument.Parse(body).RootElement.EnumerateArray()
            .SelectMany(static run => run.GetProperty("tables").EnumerateArray())
            .Select(static table => table.TryGetProperty("error", out var error) ? error.GetString() : null)
            .FirstOrDefault(static error => error is not null) ?? "";
    }
}
