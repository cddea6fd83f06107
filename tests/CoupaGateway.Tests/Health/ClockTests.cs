using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Sync.Schedules;
using CoupaGateway.Tests.Hosting;
using CoupaGateway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Tests.Health;

/// <summary>The whole gateway on a machine whose clock is set by a day while a table is loaded, its lease and a token are held, and set right again later.</summary>
public sealed class ClockTests
{
    private const string Connection = "api/v1/connections/acme";

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_clock_that_is_set_loses_nothing_and_is_told(int days)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.05, Rate = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        var time = new JumpingTime(TimeProvider.System);
        await using var host = await GatewayHost.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        var input = GatewayHost.Sandbox("acme", sandbox, ["suppliers"]) with { Schedule = new SyncScheduleOptions { Delta = "", LookBack = "", Reconcile = "" } };
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input)).Status);
        await Eventually.TrueAsync(async () => JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "GET", $"{Connection}/syncs")).Body).RootElement is var runs
            && runs.GetArrayLength() == 1 && runs[0].GetProperty("state").GetString() == "succeeded");
        Assert.DoesNotContain("clock", await ReasonsAsync(host));

        // In the middle of a load.
        sandbox.Control.PageDelay = TimeSpan.FromSeconds(1);
        var run = await StartAsync(host, "full");
        await Eventually.TrueAsync(async () => (await RunAsync(host, run)).GetProperty("state").GetString() == "running");
        time.Ahead = TimeSpan.FromDays(days);
        sandbox.Control.PageDelay = TimeSpan.Zero;
        await UntilDoneAsync(host, run);

        var health = await HealthAsync(host);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("clock", await ReasonsAsync(host));
        Assert.InRange(health.GetProperty("clock").GetProperty("lastJumpSeconds").GetDouble() * days, 86_390, 86_410);
        Assert.InRange(health.GetProperty("clock").GetProperty("secondsAhead").GetProperty(sandbox.BaseAddress.Host).GetDouble() * days, 86_390, 86_410);
        Assert.Contains(host.Logs.Lines, line => line.StartsWith($"5511 This machine's clock was put {(days > 0 ? "forward" : "back")} by ", StringComparison.Ordinal));
        Assert.Contains("clock_skew", (await GatewayHost.SendAsync(host.Admin, "POST", $"{Connection}/test")).Body, StringComparison.Ordinal);
        var first = await ChangeAsync(host, sandbox, "while it is wrong");

        // Right again.
        time.Ahead = TimeSpan.Zero;
        var second = await ChangeAsync(host, sandbox, "when it is right");
        Assert.True(second > first, $"{second:O} is not after {first:O}");
        Assert.DoesNotContain("clock", await ReasonsAsync(host));
        Assert.DoesNotContain("clock_skew", (await GatewayHost.SendAsync(host.Admin, "POST", $"{Connection}/test")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Logs.Lines, static line => line.StartsWith("3005 ", StringComparison.Ordinal));
    }

    /// <summary>Changes a record in Coupa, has it brought by a delta, and tells its <c>_changed_at</c>.</summary>
    private static async Task<DateTimeOffset> ChangeAsync(GatewayHost host, SandboxServer sandbox, string name)
    {
        var id = sandbox.Control.Ids("suppliers").First();
        sandbox.Control.Update("suppliers", id, new JsonObject { ["display-name"] = name });
        await UntilDoneAsync(host, await StartAsync(host, "delta"));
        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "GET", $"odata/acme/suppliers?$filter=display_name eq '{name}'&$select=id,_changed_at");
        Assert.True(status == 200, body);
        return Assert.Single(JsonDocument.Parse(body).RootElement.GetProperty("value").EnumerateArray()).GetProperty("_changed_at").GetDateTimeOffset();
    }

    private static async Task<string> StartAsync(GatewayHost host, string mode)
    {
        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "POST", $"{Connection}/syncs", new { mode });
        Assert.True(status == 202, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Waits for the end of a run, which it has to reach at the first attempt.</summary>
    private static async Task UntilDoneAsync(GatewayHost host, string run)
    {
        await Eventually.TrueAsync(async () => (await RunAsync(host, run)).GetProperty("state").GetString() is not ("queued" or "running"));
        var table = (await RunAsync(host, run)).GetProperty("tables")[0];
        Assert.Equal(("succeeded", 1), (table.GetProperty("state").GetString(), table.GetProperty("attempts").GetInt32()));
    }

    private static async Task<JsonElement> RunAsync(GatewayHost host, string run) =>
        JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "GET", $"{Connection}/syncs/{run}")).Body).RootElement;

    private static async Task<JsonElement> HealthAsync(GatewayHost host) => JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/health")).Body).RootElement;

    private static async Task<string[]> ReasonsAsync(GatewayHost host) =>
        [.. (await HealthAsync(host)).GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetString()!)];
}
