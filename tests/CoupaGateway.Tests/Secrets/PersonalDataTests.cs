using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CoupaGateway.Sandbox;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Secrets;

/// <summary>A tenant with a marker in every personal text. Full loads and deltas, previews, exports, mistakes: then the marker is looked for everywhere, also in what is packed.</summary>
public sealed class PersonalDataTests
{
    private const string Canary = "CANARY7f3a";
    /// <summary>Ids of users begin here, so that each of the few shows its digits wherever it gets to.</summary>
    private const long FirstUser = 7_735_190_000_001;

    private const string Connection = "api/v1/connections/acme";

    private static readonly string[] Tables = ["users", "suppliers", "invoices", "approvals", "requisitions"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_personal_value_is_in_the_cache_on_disk_in_logs_traces_metrics_or_answers()
    {
        var needles = new Needles();
        needles.Add("a personal value", Canary);
        needles.Add("a personal value in lower case", Canary.ToLowerInvariant());
        needles.Add("the id of a user", $"{FirstUser}"[..^4]);
        needles.Add("the id of a user as a number", BitConverter.GetBytes(FirstUser)[2..]);
        var keyFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Token);
        await using var redis = await RedisProcess.StartAsync();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.02, Rate = 0, Canary = Canary, FirstUserId = FirstUser }, cancellationToken: Token);
        using var traces = new TraceCatcher();
        using var meters = new MeterCatcher();
        await using var host = await GatewayHost.StartAsync(new Dictionary<string, string?>(), redis);
        var watch = new FolderWatch(host.Folder, host.KeyFile, needles);
        var answers = new List<string>();

        var pseudonyms = new Pseudonyms.PseudonymOptions { Keys = [new() { Version = 1, File = keyFile }], Rules = [new() { Name = "user-ids" }] };
        await AskAsync("POST", "api/v1/connections", GatewayHost.Sandbox("acme", sandbox, Tables) with { Pseudonymization = pseudonyms });
        await host.UntilLoadedAsync("acme");

        // What changes is loaded as a delta: a person gets another name, which has the marker as well.
        foreach (var id in sandbox.Control.Ids("users").Take(20))
            sandbox.Control.Update("users", id, new JsonObject { ["firstname"] = $"{Canary} other", ["email"] = $"{Canary}.{id}@example.com" });
        // What does not fit its column, or has none, is told about; but not what it is.
        sandbox.Control.Create("users", new JsonObject { ["created-at"] = $"{Canary} yesterday", ["active"] = Canary, ["login-count"] = $"{Canary}1" });
        sandbox.Control.Create("users", new JsonObject { ["email"] = new JsonObject { ["address"] = Canary }, ["manager"] = Canary });
        sandbox.Control.Create("users", new JsonObject { ["personal-nickname"] = Canary, ["next-of-kin"] = new JsonObject { ["fullname"] = Canary, ["of-user"] = FirstUser } });
        sandbox.Control.Create("users", new JsonObject { ["phone-work"] = new JsonArray(Canary, new JsonObject { ["number"] = Canary }) });
        await RunAsync("delta");
        await RunAsync("reconcile");

        await AskAsync("POST", $"{Connection}/metadata/preview", """
            {"metadataSources":[{"url":"users","targetResources":["users"]},{"url":"expense_reports","targetResources":["expense_reports"]}],
             "resources":[{"displayName":"users","nestedFields":[{"name":"manager","columns":["mobile-phone","firstname"]}]},
              {"displayName":"expense_reports","columns":["id","title"],"nestedFields":[{"name":"submitted-by","columns":["login","email"]}]}]}
            """);
        foreach (var path in new[] { "/tables", "/syncs", "/dead-letters", "/pseudonyms", "/metadata/drift", "/metadata/effective" })
            await AskAsync("GET", Connection + path);
        await AskAsync("POST", $"{Connection}/test");
        await AskAsync("POST", $"{Connection}/pseudonyms/groups", new { table = "users", columns = new[] { "login", "firstname" } });
        foreach (var table in Tables)
        {
            foreach (var query in new[] { "?$top=1000", "?$format=csv", "?$count=true&$top=1", "/$count" })
                await AskAsync("GET", $"odata/acme/{table}{query}");
        }

        foreach (var mistake in new[] { "users?$filter=login gt 'x'", "users?$filter=nothing eq 1", "users?$orderby=login", "users?$skiptoken=x", "users('x')", "nothing" })
            await AskAsync("GET", $"odata/acme/{mistake}");
        await watch.DisposeAsync();
        File.Delete(keyFile);

        var cache = await CacheDump.ReadAsync(redis.ConnectionString, Token);
        meters.Dispose();
        Assert.DoesNotContain(answers, answer => needles.In(answer).Any());
        Assert.DoesNotContain(host.Logs.Lines, line => needles.In(line).Any());
        Assert.DoesNotContain(traces.Texts, text => needles.In(text).Any());
        Assert.DoesNotContain(meters.Texts.Keys, text => needles.In(text).Any());
        Assert.Empty(watch.Found);
        Assert.Empty(cache.Where(entry => Decoded.Forms(entry.Value).Any(form => needles.In(form).Any())).Select(static entry => entry.Key));

        // Finding nothing means something only where there was something to find it in.
        Assert.True(cache.Count(static entry => entry.Value.AsSpan().StartsWith("PAR1"u8)) > 10);
        Assert.Contains(cache, static entry => entry.Value.AsSpan().StartsWith("PAR1"u8) && Decoded.Forms(entry.Value).Any(static form => form.AsSpan().IndexOf("k01_"u8) >= 0));
        Assert.Contains(answers, static answer => answer.Contains("k01_", StringComparison.Ordinal));
        Assert.Contains(answers, static answer => answer.Contains("does not fit users.", StringComparison.Ordinal));
        Assert.Contains(answers, static answer => answer.Contains("personal_nickname", StringComparison.Ordinal) || answer.Contains("personal-nickname", StringComparison.Ordinal));
        Assert.NotEmpty(meters.Texts);
        Assert.NotEmpty(watch.Seen);

        async Task AskAsync(string method, string path, object? body = null)
        {
            var (_, text, response) = await GatewayHost.SendAsync(host.Admin, method, path, body);
            answers.Add($"{(int)response.StatusCode} {response.Headers} {response.Content.Headers} {text}");
        }

        async Task RunAsync(string mode)
        {
            var id = "";
            await Eventually.TrueAsync(async () =>
            {
                var (status, text, _) = await GatewayHost.SendAsync(host.Admin, "POST", $"{Connection}/syncs", new { mode });
                id = status == 202 ? JsonNode.Parse(text)!["id"]!.GetValue<string>() : "";
                return id.Length > 0; // 409 while the first load has not ended
            });
            await Eventually.TrueAsync(async () => JsonNode.Parse((await GatewayHost.SendAsync(host.Admin, "GET", $"{Connection}/syncs/{id}")).Body)!["state"]!.GetValue<string>() == "succeeded");
        }
    }
}
