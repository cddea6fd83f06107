using System.Net.Http.Json;
using System.Text.Json;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests.Drift;

/// <summary>Customers' own fields: they become columns by themselves, and the drift report says what happened.</summary>
public sealed class DriftTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_custom_field_that_appears_is_a_column_after_the_next_load_and_the_drift_report_says_so()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.1, Rate = 0 }, cancellationToken: Token);
        string[] arguments = ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()];
        await using var gateway = await GatewayProcess.StartAsync(arguments, cancellationToken: Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);

        // Those that were there from the start came with the first load.
        var first = await feed.ReadAllAsync("suppliers?$select=id,custom_fields_budget_limit,custom_fields_reviewed,custom_fields_cost_center_owner", Token);
        Assert.Contains(first, static row => row.GetProperty("custom_fields_budget_limit").ValueKind == JsonValueKind.Number);
        Assert.Contains(first, static row => row.GetProperty("custom_fields_reviewed").ValueKind is JsonValueKind.True or JsonValueKind.False);
        Assert.All(first, static row => Assert.Matches("^k01_|^$", row.GetProperty("custom_fields_cost_center_owner").GetString() ?? ""));

        sandbox.Control.AddCustomField("suppliers", "green-energy", "integer");
        Assert.DoesNotContain("custom_fields_green_energy", await gateway.Client.GetStringAsync(Feed.Root + "$metadata", Token), StringComparison.Ordinal);
        using (var response = await gateway.Client.PostAsJsonAsync("api/v1/connections/demo/syncs", new { mode = "full", tables = new[] { "suppliers" } }, Token))
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        await gateway.UntilAsync(async () => await HasValuesAsync(feed), "the new field has values", Token);

        using var report = JsonDocument.Parse(await gateway.Client.GetStringAsync("api/v1/connections/demo/metadata/drift", Token));
        var key = report.RootElement.GetProperty("keys").EnumerateArray().Single(static one => one.GetProperty("table").GetString() == "suppliers" && one.GetProperty("path").GetString() == "custom_fields.green_energy");
        Assert.Equal(("column", "custom_fields_green_energy", "int64"), (key.GetProperty("state").GetString(), key.GetProperty("column").GetString(), key.GetProperty("type").GetString()));
        Assert.Contains(report.RootElement.GetProperty("events").EnumerateArray(), static one => one.GetProperty("path").GetString() == "custom_fields.green_energy" && one.GetProperty("change").GetString() == "came");
        var owner = report.RootElement.GetProperty("keys").EnumerateArray().First(static one => one.GetProperty("path").GetString() == "custom_fields.cost_center_owner");
        Assert.Equal("hmac-sha-256", owner.GetProperty("pseudonym").GetString());

        // What was learned is known after a restart, and nothing is loaded again for it.
        Assert.Equal(0, await gateway.StopAsync(Token));
        await using var second = await GatewayProcess.StartAsync(arguments, cancellationToken: Token);
        var again = new Feed(second.Client);
        await second.UntilAsync(async () => await again.StatusAsync("suppliers?$select=custom_fields_green_energy&$top=1", Token) == System.Net.HttpStatusCode.OK, "the column is served", Token);
        Assert.True(await HasValuesAsync(again));
    }

    private static async Task<bool> HasValuesAsync(Feed feed) =>
        await feed.StatusAsync("suppliers?$select=custom_fields_green_energy&$top=1", Token) == System.Net.HttpStatusCode.OK
        && (await feed.ReadAllAsync("suppliers?$filter=custom_fields_green_energy ne null&$select=id", Token)).Count > 0;
}
