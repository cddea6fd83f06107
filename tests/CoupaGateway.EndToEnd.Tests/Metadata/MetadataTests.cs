using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests.Metadata;

/// <summary>Custom metadata from the document to the feed: the gateway as a process, a sandbox, and a person who changes his mind.</summary>
public sealed class MetadataTests
{
    private const string Document = """
        {
          "version": "R40",
          "metadataSources": [
            { "url": "invoices", "targetResources": ["invoices"] },
            { "url": "expense_reports", "targetResources": ["expense_reports"] }
          ],
          "resources": [
            { "displayName": "invoices",
              "columns": [{ "name": "legacy-plant-code", "type": "STRING", "pseudonymize": "keep" }],
              "nestedFields": [{ "name": "custom-fields", "columns": [{ "name": "budget-limit", "type": "DECIMAL" }, "cost-center-owner"] }],
              "nestedArrays": [{ "name": "invoice-lines", "displayName": "invoice_line_texts", "columns": ["id", { "name": "description", "pseudonymize": "keep" }] }] },
            { "displayName": "expense_reports", "description": "What people spent on the company's behalf.",
              "columns": ["id", { "name": "title", "pseudonymize": "redact" }, { "name": "status", "pseudonymize": false }, { "name": "total", "type": "DECIMAL" }, "created-at", "updated-at"],
              "nestedFields": [{ "name": "submitted-by", "columns": ["login"] }],
              "nestedArrays": [{ "name": "expense-lines", "displayName": "expense_lines", "columns": ["id", { "name": "amount", "type": "DECIMAL" }],
                "nestedArrays": [{ "name": "expense-attendees", "displayName": "expense_attendees", "columns": ["name"] }] }] }
          ]
        }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_adds_columns_nested_tables_and_a_new_resource_and_a_rollback_takes_them_away()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.05, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()], cancellationToken: Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);
        var users = await gateway.Client.GetStringAsync(Feed.Root + "_meta?$filter=table_name eq 'users'&$select=version", Token);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(gateway, HttpMethod.Get, "")).Status);

        // Before it is saved: what it does to a few records, and to the schema.
        var preview = (await SendAsync(gateway, HttpMethod.Post, "preview", Document)).Body;
        var expenses = preview.GetProperty("resources").EnumerateArray().Single(static resource => resource.GetProperty("table").GetString() == "expense_reports");
        var shown = expenses.GetProperty("tables").EnumerateArray().Single(static table => table.GetProperty("name").GetString() == "expense_reports").GetProperty("rows").EnumerateArray().ToArray();
        Assert.NotEmpty(shown);
        Assert.All(shown, static row => Assert.Matches("^k01_|^$", row.GetProperty("submitted_by_login").GetString() ?? ""));
        Assert.Contains("audited", expenses.GetProperty("untakenKeys").EnumerateArray().Select(static key => key.GetString()));
        var diff = (await SendAsync(gateway, HttpMethod.Post, "diff", Document)).Body;
        Assert.Equal(["invoices", "expense_reports"], diff.GetProperty("reloads").EnumerateArray().Select(static name => name.GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(gateway, HttpMethod.Get, "")).Status);

        // Saved: in $metadata at once, rows as soon as they are loaded; the old rows can be read all the while.
        var put = await SendAsync(gateway, HttpMethod.Put, "", Document);
        Assert.True(put.Status == HttpStatusCode.OK, put.Body.ToString());
        var metadata = await gateway.Client.GetStringAsync(Feed.Root + "$metadata", Token);
        Assert.All(["legacy_plant_code", "custom_fields_budget_limit", "invoice_line_texts", "expense_attendees", "What people spent"], part => Assert.Contains(part, metadata, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await feed.StatusAsync("invoices?$select=id,custom_fields_budget_limit", Token));
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "the new tables are loaded", Token);
        await gateway.UntilAsync(
            async () => (await feed.ReadAllAsync("invoices?$filter=custom_fields_budget_limit ne null", Token)).Count > 0, "the new columns have values", Token);

        using var tenant = await TenantClient.ConnectAsync(sandbox, Token);
        var invoices = (await feed.ReadAllAsync("invoices?$select=id,legacy_plant_code,custom_fields_budget_limit,custom_fields_cost_center_owner", Token)).ToDictionary(static row => row.GetProperty("id").GetInt64());
        foreach (var record in await tenant.ReadAllAsync("/api/invoices", Token))
        {
            var row = invoices[record.GetProperty("id").GetInt64()];
            Assert.Equal(record.TryGetProperty("legacy-plant-code", out var plant) ? plant.GetString() : null, row.GetProperty("legacy_plant_code").GetString());
            Assert.Matches("^k01_|^$", row.GetProperty("custom_fields_cost_center_owner").GetString() ?? "");
        }

        Assert.Equal(sandbox.Control.CountRows("invoice_lines"), (await feed.ReadAllAsync("invoice_line_texts", Token)).Count);
        var reports = await tenant.ReadAllAsync("/api/expense_reports", Token);
        var rows = await feed.ReadAllAsync("expense_reports", Token);
        Assert.Equal(reports.Select(static report => report.GetProperty("id").GetInt64()), rows.Select(static row => row.GetProperty("id").GetInt64()));
        Assert.Equal(reports.Sum(static report => report.GetProperty("expense-lines").GetArrayLength()), (await feed.ReadAllAsync("expense_lines", Token)).Count);

        // Only what is touched was loaded again.
        Assert.Equal(users, await gateway.Client.GetStringAsync(Feed.Root + "_meta?$filter=table_name eq 'users'&$select=version", Token));

        // A bad one disturbs nothing.
        var bad = await SendAsync(gateway, HttpMethod.Put, "", """{"resources":[{"displayName":"x","columns":["id"]}]}""", put.ETag);
        Assert.Equal(HttpStatusCode.BadRequest, bad.Status);
        Assert.Contains("no-source", bad.Body.GetProperty("errors").GetProperty("/resources/0")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(Document, await gateway.Client.GetStringAsync("api/v1/connections/demo/metadata", Token));
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await SendAsync(gateway, HttpMethod.Put, "", "{}")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(gateway, HttpMethod.Put, "", "{}", "\"7\"")).Status);

        // Empty, and back again, and away.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, HttpMethod.Put, "", "{}", put.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, await feed.StatusAsync("expense_reports", Token));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, HttpMethod.Post, "rollback/1")).Status);
        Assert.DoesNotContain(await StatusesAsync(feed, "expense_reports", "invoice_line_texts"), static status => status == HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, HttpMethod.Post, "rollback/2")).Status);
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], await StatusesAsync(feed, "expense_reports", "invoice_line_texts"));
        var history = (await SendAsync(gateway, HttpMethod.Get, "history")).Body.EnumerateArray().ToArray();
        Assert.Equal([4, 3, 2, 1], history.Select(static revision => revision.GetProperty("revision").GetInt32()));
        Assert.Equal([true, false, false, false], history.Select(static revision => revision.GetProperty("current").GetBoolean()));
    }

    [Fact]
    public async Task What_was_saved_is_in_force_after_a_restart_and_the_schema_says_where_it_comes_from()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0 }, cancellationToken: Token);
        long Reads() => sandbox.Control.Requests.Where(static request => request.Key.Path == "/api/expense_reports").Sum(static request => request.Value);
        string[] arguments = ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()];
        await using (var first = await GatewayProcess.StartAsync(arguments, cancellationToken: Token))
        {
            await first.UntilAsync(async () => (await SendAsync(first, HttpMethod.Put, "", Document)).Status == HttpStatusCode.OK, "the metadata is saved", Token);
            await first.UntilAsync(() => new Feed(first.Client).IsLoadedAsync(Token), "all tables are loaded", Token);
            Assert.Equal(0, await first.StopAsync(Token));
        }

        var requests = Reads();
        await using var second = await GatewayProcess.StartAsync(arguments, cancellationToken: Token);
        var feed = new Feed(second.Client);
        await second.UntilAsync(async () => await feed.StatusAsync("expense_lines?$top=1", Token) == HttpStatusCode.OK, "the custom tables are served", Token);
        Assert.True(await feed.IsLoadedAsync(Token));
        Assert.Equal(requests, Reads());

        var effective = (await SendAsync(second, HttpMethod.Get, "effective")).Body;
        var tables = effective.GetProperty("tables").EnumerateArray().ToDictionary(static table => table.GetProperty("name").GetString()!);
        Assert.Equal(("custom", "catalogue"), (tables["expense_lines"].GetProperty("source").GetString(), tables["invoices"].GetProperty("source").GetString()));
        var columns = tables["invoices"].GetProperty("columns").EnumerateArray().ToDictionary(static column => column.GetProperty("name").GetString()!, static column => column.GetProperty("source").GetString());
        Assert.Equal(("custom", "catalogue", "gateway"), (columns["legacy_plant_code"], columns["status"], columns["_changed_at"]));
    }

    private static async Task<HttpStatusCode[]> StatusesAsync(Feed feed, params string[] sets)
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var set in sets)
            statuses.Add(await feed.StatusAsync(set + "?$top=1", Token));
        return [.. statuses];
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body, string? ETag)> SendAsync(GatewayProcess gateway, HttpMethod method, string path, string? body = null, string? tag = null)
    {
        using var request = new HttpRequestMessage(method, $"api/v1/connections/demo/metadata/{path}".TrimEnd('/'));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (tag is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var response = await gateway.Client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.ETag?.ToString());
    }
}
