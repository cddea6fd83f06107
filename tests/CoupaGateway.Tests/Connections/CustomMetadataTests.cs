using System.Text.Json;
using CoupaGateway.Connections;
using CoupaGateway.Sandbox;
using CoupaGateway.Sync.Schedules;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Connections;

/// <summary>What custom metadata means to a connection's schedule and to its test.</summary>
public sealed class CustomMetadataTests
{
    private const string Path = "api/v1/connections/acme";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schedule_may_name_a_table_of_the_custom_metadata_and_no_other()
    {
        await using var host = await GatewayHost.StartAsync();
        var input = ConnectionTests.Acme();
        var schedule = new SyncScheduleOptions { Tables = { ["expense_reports"] = new() { Delta = "0 * * * *" } } };

        var (early, fault, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input with { Schedule = schedule });
        Assert.Equal(400, early);
        Assert.Contains("expense_reports is no API table, neither of the catalogue nor of the connection's custom metadata", fault, StringComparison.Ordinal);

        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input)).Status);
        await PutMetadataAsync(host, Expenses("title"));
        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "PATCH", Path, new { schedule }, ("If-Match", "*"));
        Assert.True(status == 200, body);

        // Two minutes past the hour the table is due at the next one, whatever the others are.
        var (_, tables, _) = await GatewayHost.SendAsync(host.Admin, "GET", $"{Path}/tables");
        var next = JsonDocument.Parse(tables).RootElement.EnumerateArray().Single(static table => table.GetProperty("name").GetString() == "expense_reports").GetProperty("nextRun").GetDateTimeOffset();
        Assert.True(next > DateTimeOffset.UtcNow);

        // Without the metadata the connection stays in force, and the log says what is without effect.
        Assert.Equal(204, (await GatewayHost.SendAsync(host.Admin, "DELETE", $"{Path}/metadata", null, ("If-Match", "*"))).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "GET", "odata/acme/")).Status);
        Assert.Contains(host.Logs.Lines, static line => line.StartsWith("5303 ", StringComparison.Ordinal) && line.Contains("expense_reports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_schedule_of_the_configuration_that_names_an_unknown_table_is_warned_of()
    {
        await using var host = await GatewayHost.StartAsync(new Dictionary<string, string?>
        {
            ["Connections:acme:Instance"] = "https://acme.coupahost.com",
            ["Connections:acme:ClientId"] = "gateway",
            ["Connections:acme:ClientSecret"] = "secret",
            ["Connections:acme:Schedule:Tables:expense_reports:Delta"] = "0 * * * *",
        });

        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "GET", "odata/acme/")).Status);

        Assert.Contains(host.Logs.Lines, static line => line.StartsWith("5303 ", StringComparison.Ordinal) && line.Contains("expense_reports", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("title", null, "ok", "ok")]
    [InlineData("no-such-field", null, "warning", "custom_metadata_empty")]
    [InlineData("title", "INTEGER", "warning", "custom_metadata_unfit")]
    public async Task The_test_looks_at_custom_tables_and_at_what_becomes_of_their_records(string column, string? type, string state, string code)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0 }, cancellationToken: Token);
        await using var host = await GatewayHost.StartAsync();
        await host.AddSandboxAsync("acme", sandbox, ["departments"]);
        await PutMetadataAsync(host, Expenses(column, type));

        var steps = await TestAsync(host, $"{Path}/test", null);

        Assert.Equal(["departments", "expense_reports"], Of(steps, "record").Select(static step => step.GetProperty("subject").GetString()));
        Assert.All(Of(steps, "record"), static step => Assert.Equal("ok", step.GetProperty("state").GetString()));
        Assert.Contains(Of(steps, "scope"), static step => step.GetProperty("found").GetString()!.Contains("does not name the scope of expense_reports", StringComparison.Ordinal));
        var custom = Assert.Single(Of(steps, "custom-metadata"));
        Assert.True((custom.GetProperty("state").GetString(), custom.GetProperty("code").GetString()) == (state, code), custom.ToString());
        Assert.Equal("expense_reports", custom.GetProperty("subject").GetString());

        // Settings that are not saved are tested with the metadata of the connection that they are for.
        var unsaved = await TestAsync(host, "api/v1/connections/test", GatewayHost.Sandbox("acme", sandbox, ["departments"]));
        Assert.Equal(custom.GetProperty("code").GetString(), Assert.Single(Of(unsaved, "custom-metadata")).GetProperty("code").GetString());
        var off = await TestAsync(host, "api/v1/connections/test", GatewayHost.Sandbox("acme", sandbox, ["departments"]) with { CustomMetadata = false });
        Assert.Equal(["departments"], Of(off, "record").Select(static step => step.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task A_custom_table_that_the_client_may_not_read_costs_no_other()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0 }, cancellationToken: Token);
        await using var host = await GatewayHost.StartAsync();
        await host.AddSandboxAsync("acme", sandbox, ["departments"]);
        await PutMetadataAsync(host, Expenses("title"));
        sandbox.Control.AddFault(new Sandbox.Faults.Fault { Kind = Sandbox.Faults.FaultKind.Status, Status = 403, Path = "/api/expense_reports" });

        var steps = await TestAsync(host, $"{Path}/test", null);

        var records = Of(steps, "record").ToDictionary(static step => step.GetProperty("subject").GetString()!, static step => step.GetProperty("code").GetString());
        Assert.Equal(("ok", "coupa_forbidden"), (records["departments"], records["expense_reports"]));
        Assert.Equal("skipped", Assert.Single(Of(steps, "custom-metadata")).GetProperty("state").GetString());
    }

    private static string Expenses(string column, string? type = null) =>
        $$"""
        {
          "metadataSources": [{ "url": "expense_reports", "targetResources": ["expense_reports"] }],
          "resources": [{ "displayName": "expense_reports", "columns": ["id", { "name": "{{column}}", "type": "{{type ?? "STRING"}}", "pseudonymize": "keep" }, "updated-at"] }]
        }
        """;

    private static async Task PutMetadataAsync(GatewayHost host, string document)
    {
        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "PUT", $"{Path}/metadata", document, ("If-None-Match", "*"));
        Assert.True(status == 200, body);
    }

    private static async Task<JsonElement[]> TestAsync(GatewayHost host, string path, ConnectionInput? body)
    {
        var (status, text, _) = await GatewayHost.SendAsync(host.Admin, "POST", path, body);
        Assert.True(status == 200, text);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("steps").EnumerateArray()];
    }

    private static JsonElement[] Of(JsonElement[] steps, string name) => [.. steps.Where(step => step.GetProperty("step").GetString() == name)];
}
