using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests;

public sealed class DemoTests
{
    private const double Scale = 0.1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_command_serves_every_table_as_the_tenant_has_it()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(Demo(folder, sandbox), cancellationToken: Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);

        var metadata = XDocument.Parse(await gateway.Client.GetStringAsync(Feed.Root + "$metadata", Token));
        var sets = metadata.Descendants().Where(element => element.Name.LocalName == "EntitySet").Select(element => (string)element.Attribute("Name")!).ToArray();
        Assert.Equal(102, sets.Length);
        Assert.Equal(["deleted_records", "_meta"], sets[100..]);
        foreach (var set in sets[..100])
        {
            Assert.Equal(sandbox.Control.CountRows(set), long.Parse(await gateway.Client.GetStringAsync($"{Feed.Root}{set}/$count", Token)));
        }

        var lines = await feed.ReadAllAsync("invoice_lines?$select=invoices_id,id", Token);
        var keys = lines.Select(line => (line.GetProperty("invoices_id").GetInt64(), line.GetProperty("id").GetInt64())).ToArray();
        Assert.Equal(sandbox.Control.CountRows("invoice_lines"), keys.Length);
        Assert.Equal(keys.Length, keys.Distinct().Count());

        var page = await feed.GetAsync(
            "invoices?$filter=status eq 'approved'&$select=id,invoice_number,supplier_name,gross_total,currency_code&$orderby=id desc&$top=5", Token);
        var invoices = page.GetProperty("value").EnumerateArray().ToArray();
        Assert.NotEmpty(invoices);
        Assert.Equal(invoices.Select(Id).OrderDescending(), invoices.Select(Id));
        Assert.All(invoices, invoice => Assert.Equal(JsonValueKind.Number, invoice.GetProperty("gross_total").ValueKind));
    }

    [Fact]
    public async Task Rows_equal_what_the_tenant_answers()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(Demo(folder, sandbox), cancellationToken: Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);

        using var tenant = await TenantClient.ConnectAsync(sandbox, Token);
        var rows = (await feed.ReadAllAsync("invoices", Token)).ToDictionary(Id);
        var tokens = new Dictionary<string, string>();
        foreach (var record in await tenant.ReadAllAsync("/api/invoices", Token))
        {
            var row = rows[record.GetProperty("id").GetInt64()];
            Assert.Equal(Text(record, "invoice-number"), Text(row, "invoice_number"));
            Assert.Equal(Text(record, "status"), Text(row, "status"));
            Assert.Equal(Number(record, "gross-total"), Number(row, "gross_total"));
            Assert.Equal(Instant(record, "created-at"), Instant(row, "created_at"));
            Assert.Equal(Text(record.GetProperty("supplier"), "name"), Text(row, "supplier_name"));

            // Who made it is a token; the same person has the same one.
            var login = Text(record.GetProperty("created-by"), "login")!;
            var token = Text(row, "created_by_login")!;
            Assert.Matches("^k01_[a-z2-7]{26}$", token);
            Assert.Equal(token, tokens.TryAdd(login, token) ? token : tokens[login]);
        }

        Assert.Equal(tokens.Count, tokens.Values.Distinct().Count());

        // Whoever is referred to is found among the users by token as by login.
        var users = (await feed.ReadAllAsync("users?$select=login", Token)).Select(user => Text(user, "login")).ToHashSet();
        var logins = (await tenant.ReadAllAsync("/api/users", Token)).Select(user => Text(user, "login")).ToHashSet();
        Assert.Equal(logins.Count, users.Count);
        Assert.Equal(tokens.Keys.Count(logins.Contains), tokens.Values.Count(users.Contains));
        Assert.Contains(tokens.Values, users.Contains);
    }

    [Fact]
    public async Task Tables_are_readable_one_by_one_while_the_load_still_runs()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 25 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(Demo(folder, sandbox), cancellationToken: Token);
        var feed = new Feed(gateway.Client);

        await gateway.UntilAsync(async () => await feed.StatusAsync("departments?$top=1", Token) == HttpStatusCode.OK, "the first table is readable", Token);

        Assert.False(await feed.IsLoadedAsync(Token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await feed.StatusAsync("invoice_lines?$top=1", Token));
    }

    [Fact]
    public async Task What_was_loaded_is_served_after_a_restart_even_when_coupa_is_down()
    {
        using var folder = new TemporaryFolder();
        Uri tenant;
        long invoices;
        await using (var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 0 }, cancellationToken: Token))
        {
            tenant = sandbox.BaseAddress;
            invoices = sandbox.Control.CountRows("invoices");
            await using var first = await GatewayProcess.StartAsync(Demo(folder, sandbox), cancellationToken: Token);
            await first.UntilAsync(() => new Feed(first.Client).IsLoadedAsync(Token), "all tables are loaded", Token);
            Assert.Equal(0, await first.StopAsync(Token));
        }

        await using var second = await GatewayProcess.StartAsync(["demo", "--port", "0", "--data", folder.Path, "--sandbox", tenant.ToString()], cancellationToken: Token);
        var feed = new Feed(second.Client);
        await second.UntilAsync(async () => await feed.StatusAsync("invoices?$top=1", Token) == HttpStatusCode.OK, "the table is served from the cache", Token);
        Assert.Equal(invoices, (await feed.ReadAllAsync("invoices?$select=id", Token)).Count);
        Assert.True(await feed.IsLoadedAsync(Token));
    }

    [Fact]
    public async Task Malformed_values_are_null_and_take_nothing_else_with_them()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = Scale, Rate = 0 }, cancellationToken: Token);
        using (var control = new HttpClient { BaseAddress = sandbox.BaseAddress })
        {
            var fault = new StringContent("""{"path":"/api/suppliers","kind":"malformed"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await control.PostAsync("/_sandbox/faults", fault, Token);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        }

        await using var gateway = await GatewayProcess.StartAsync(Demo(folder, sandbox), cancellationToken: Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);

        Assert.Equal(sandbox.Control.CountRows("suppliers"), (await feed.ReadAllAsync("suppliers?$select=id", Token)).Count);
        Assert.Matches(@"\d+ values of suppliers\w*\.\w+ do not fit", gateway.Output); // counted, and said by table and column
    }

    private static string[] Demo(TemporaryFolder folder, SandboxServer sandbox) =>
        ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()];

    private static long Id(JsonElement row) => row.GetProperty("id").GetInt64();

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static decimal? Number(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? decimal.Parse(value.GetString()!) : value.GetDecimal();

    private static DateTimeOffset? Instant(JsonElement element, string name) =>
        Text(element, name) is { } text ? DateTimeOffset.Parse(text).ToUniversalTime() : null;
}
