using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests;

public sealed class PseudonymTests
{
    private const string Address = "api/v1/connections/demo/pseudonyms";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_finds_a_known_person_by_token_and_cannot_ask_without_end()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()],
            new Dictionary<string, string> { ["Logging__LogLevel__CoupaGateway.Pseudonyms"] = "Information" },
            Token);
        var feed = new Feed(gateway.Client);
        await gateway.UntilAsync(() => feed.IsLoadedAsync(Token), "all tables are loaded", Token);
        using var tenant = await TenantClient.ConnectAsync(sandbox, Token);
        var login = (await tenant.ReadAllAsync("/api/users", Token))[0].GetProperty("login").GetString()!;

        using var asked = await gateway.Client.PostAsJsonAsync(Address, new { domain = "user.login", values = new[] { login.ToUpperInvariant(), "" } }, Token);
        var tokens = (await asked.Content.ReadFromJsonAsync<JsonElement>(Token))[0];
        Assert.Equal(1, tokens.GetProperty("keyVersion").GetInt32());
        Assert.Equal("", tokens.GetProperty("tokens")[1].GetString());
        var found = await feed.ReadAllAsync($"users?$filter=login eq '{tokens.GetProperty("tokens")[0].GetString()}'", Token);
        Assert.Single(found);

        using var unknown = await gateway.Client.PostAsJsonAsync(Address, new { domain = "nothing", values = new[] { "x" } }, Token);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        using var empty = await gateway.Client.PostAsJsonAsync(Address, new { domain = "user.login", values = Array.Empty<string>() }, Token);
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);

        var last = HttpStatusCode.OK;
        for (var i = 0; i < 200 && last == HttpStatusCode.OK; i++)
        {
            using var again = await gateway.Client.PostAsJsonAsync(Address, new { domain = "user.login", values = new[] { "x" } }, Token);
            last = again.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Contains("tokens of 2 values of the domain user.login", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(login, gateway.Output, StringComparison.OrdinalIgnoreCase);

        var report = await gateway.Client.GetFromJsonAsync<JsonElement>(Address, Token);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("problem").ValueKind);
        Assert.Contains(report.GetProperty("columns").EnumerateArray(), static column => column.ToString().Contains("user.login", StringComparison.Ordinal));
        Assert.Contains(report.GetProperty("counts").EnumerateArray(), static count => count.GetProperty("values").GetInt64() > 0);

        using var groups = await gateway.Client.PostAsJsonAsync($"{Address}/groups", new { table = "users", columns = new[] { "active", "default_locale" }, k = 3 }, Token);
        var sizes = await groups.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.True(groups.IsSuccessStatusCode, sizes.ToString());
        Assert.Equal((await feed.ReadAllAsync("users?$select=id", Token)).Count, sizes.GetProperty("rows").GetInt32());
        Assert.Equal(sizes.GetProperty("groups").GetInt64(), sizes.GetProperty("sizes").EnumerateArray().Sum(static band => band.GetProperty("groups").GetInt64()));
        using var wrong = await gateway.Client.PostAsJsonAsync($"{Address}/groups", new { table = "nothing", columns = Array.Empty<string>(), k = 1 }, Token);
        var faults = (await wrong.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errors").EnumerateObject().Select(static fault => fault.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["columns", "k", "table"], faults);
        using var column = await gateway.Client.PostAsJsonAsync($"{Address}/groups", new { table = "users", columns = new[] { "x\"; DROP" } }, Token);
        Assert.Equal(HttpStatusCode.BadRequest, column.StatusCode);

        // What was counted is known to whoever asks, also after a restart.
        Assert.Equal(0, await gateway.StopAsync(Token));
        await using var second = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()], cancellationToken: Token);
        var kept = await second.Client.GetFromJsonAsync<JsonElement>(Address, Token);
        Assert.Equal(report.GetProperty("counts").ToString(), kept.GetProperty("counts").ToString());
    }

    [Theory]
    [InlineData("too-short", "needs at least 32")]
    [InlineData("", "is missing")]
    public async Task Without_a_good_key_nothing_is_loaded_and_the_report_says_why(string key, string reason)
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        await using var gateway = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()],
            new Dictionary<string, string>
            {
                ["Connections__demo__Pseudonymization__Keys__1__Version"] = "2",
                ["Connections__demo__Pseudonymization__Keys__1__Environment"] = "TEST_PSEUDONYM_KEY",
                ["TEST_PSEUDONYM_KEY"] = key.Length == 0 ? "" : Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key)),
            },
            Token);

        var report = await gateway.Client.GetFromJsonAsync<JsonElement>(Address, Token);
        Assert.Contains(reason, report.GetProperty("problem").GetString(), StringComparison.Ordinal);
        await gateway.UntilAsync(() => Task.FromResult(gateway.Output.Contains(reason, StringComparison.Ordinal)), "the load says why", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await new Feed(gateway.Client).StatusAsync("departments", Token));
    }

    [Fact]
    public async Task Bad_settings_are_refused_at_the_start_all_at_once()
    {
        using var folder = new TemporaryFolder();
        const string Prefix = "Connections__demo__Pseudonymization__";
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--data", folder.Path],
            new Dictionary<string, string>
            {
                [$"{Prefix}Algorithm"] = "md5",
                [$"{Prefix}Rules__0__Name"] = "a",
                [$"{Prefix}Rules__0__Column"] = "**email",
                [$"{Prefix}Rules__0__Algorithm"] = "rot13",
                [$"{Prefix}Rules__1__Name"] = "b",
            },
            Token));

        Assert.Contains("the Algorithm 'md5' is none", error.Message, StringComparison.Ordinal);
        Assert.Contains("the rule 'a' names the unknown Algorithm 'rot13'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the rule 'b' names no Table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_contradict_each_other_or_break_keys_are_refused_by_table_column_and_rule()
    {
        using var folder = new TemporaryFolder();
        const string Prefix = "Connections__demo__Pseudonymization__Rules__";
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--data", folder.Path],
            new Dictionary<string, string>
            {
                [$"{Prefix}0__Name"] = "keeps",
                [$"{Prefix}0__Column"] = "po_**",
                [$"{Prefix}0__Algorithm"] = "keep",
                [$"{Prefix}1__Name"] = "redacts",
                [$"{Prefix}1__Column"] = "**_email",
                [$"{Prefix}1__Algorithm"] = "redact",
                [$"{Prefix}2__Name"] = "ids",
                [$"{Prefix}2__Table"] = "users",
                [$"{Prefix}2__Column"] = "id",
            },
            Token));

        Assert.Contains("Table suppliers, column po_email: the rules 'keeps' and 'redacts' contradict each other", error.Message, StringComparison.Ordinal);
        Assert.Contains("Table users, column id: the rule 'ids' is about a key", error.Message, StringComparison.Ordinal);
    }
}
