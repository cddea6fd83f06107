using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>One tenant in two gateways, with tokens and in clear: whatever refers to users joins them in both alike.</summary>
public sealed class TokenJoinTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_rows_join_users_by_tokens_as_by_clear_values_in_every_table_that_refers_to_them()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.03, Rate = 0 }, cancellationToken: Token);
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var tokens = await StartAsync(sandbox, one, builtInRules: true);
        await using var clear = await StartAsync(sandbox, other, builtInRules: false);
        var (hidden, open) = (new Feed(tokens.Client), new Feed(clear.Client));
        await tokens.UntilAsync(() => hidden.IsLoadedAsync(Token), "all tables are loaded in pseudonyms", Token);
        await clear.UntilAsync(() => open.IsLoadedAsync(Token), "all tables are loaded in clear", Token);

        var report = await tokens.Client.GetFromJsonAsync<JsonElement>("api/v1/connections/demo/pseudonyms", Token);
        var columns = report.GetProperty("columns").EnumerateArray()
            .Select(static column => (Table: column.GetProperty("table").GetString()!, Name: column.GetProperty("column").GetString()!, Domain: column.GetProperty("domain").GetString()))
            .Where(static column => column.Domain?.StartsWith("user.", StringComparison.Ordinal) == true).ToArray();
        var users = columns.Where(static column => column.Table == "users").DistinctBy(static column => column.Domain).ToDictionary(static column => column.Domain!, static column => column.Name);
        Assert.Contains("user.login", users.Keys);
        Assert.Contains("user.email", users.Keys);
        Assert.Equal("id", users["user.id"]);

        var joined = 0;
        var tables = new HashSet<string>();
        foreach (var domain in columns.Where(column => users.ContainsKey(column.Domain!)).GroupBy(static column => column.Domain!))
        {
            var byToken = (await ValuesAsync(hidden, "users", users[domain.Key])).OfType<string>().ToHashSet();
            var byValue = (await ValuesAsync(open, "users", users[domain.Key])).OfType<string>().Select(Normal).ToHashSet();
            Assert.Equal(byValue.Count, byToken.Count);
            foreach (var column in domain)
            {
                var there = await ValuesAsync(hidden, column.Table, column.Name);
                var expected = await ValuesAsync(open, column.Table, column.Name);
                var (without, lost) = (expected.Count(static value => value is null), there.Count(static value => value is null));
                Assert.True(without == lost, $"{column.Table}.{column.Name} ({domain.Key}): {lost} nulls, {without} in clear");
                var matches = there.Count(value => value is not null && byToken.Contains(value));
                Assert.True(expected.Count(value => value is not null && byValue.Contains(Normal(value))) == matches, $"{column.Table}.{column.Name} ({domain.Key})");
                joined += matches;
                if (matches > 0)
                    tables.Add(column.Table);
            }
        }

        await AssertIdsAreFoundAsync(tokens, hidden, (await ValuesAsync(open, "users", "id"))[0]!);
        Assert.True(joined > 500 && tables.Count > 15, $"{joined} rows of {tables.Count} tables");

        // How values are made equal before they are compared is the domain's: logins and addresses in lower case.
        static string Normal(string value) => value.Trim().ToLowerInvariant();
    }

    private static async Task AssertIdsAreFoundAsync(GatewayProcess gateway, Feed feed, string id)
    {
        using var asked = await gateway.Client.PostAsJsonAsync("api/v1/connections/demo/pseudonyms", new { domain = "user.id", values = new[] { id } }, Token);
        var token = (await asked.Content.ReadFromJsonAsync<JsonElement>(Token))[0].GetProperty("tokens")[0].GetString()!;
        Assert.NotEqual(id, token);
        Assert.Equal(HttpStatusCode.OK, await feed.StatusAsync($"users({token})", Token));
        Assert.Equal(HttpStatusCode.NotFound, await feed.StatusAsync($"users({id})", Token));

        foreach (var wrong in new[] { "x", "-1", "1.5", "", "9007199254740992" })
        {
            using var refused = await gateway.Client.PostAsJsonAsync("api/v1/connections/demo/pseudonyms", new { domain = "user.id", values = new[] { id, wrong } }, Token);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    private static Task<GatewayProcess> StartAsync(SandboxServer sandbox, TemporaryFolder folder, bool builtInRules) => GatewayProcess.StartAsync(
        ["demo", "--port", "0", "--rate", "0", "--data", folder.Path, "--sandbox", sandbox.BaseAddress.ToString()],
        builtInRules
            ? new Dictionary<string, string> { ["Connections__demo__Pseudonymization__Rules__0__Name"] = "user-ids" }
            : new Dictionary<string, string> { ["Connections__demo__Pseudonymization__BuiltInRules"] = "false" },
        Token);

    private static async Task<List<string?>> ValuesAsync(Feed feed, string table, string column) =>
        [.. (await feed.ReadAllAsync($"{table}?$select={column}", Token)).Select(row => row.GetProperty(column)).Select(static value => value.ValueKind == JsonValueKind.Null ? null : value.ToString())];
}
