using System.Text;
using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using CoupaGateway.Access.Limits;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;

namespace CoupaGateway.Tests.Access;

public sealed class KeyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_accepted_in_every_place_that_clients_have_for_it()
    {
        await using var host = await GatewayHost.StartAsync();
        var (_, text) = await host.KeyAsync(new KeyInput { Name = "reader", Role = GatewayRole.Operator, AllowInQuery = true });

        Assert.Equal(200, await StatusAsync(host, ("Authorization", $"Bearer {text}")));
        Assert.Equal(200, await StatusAsync(host, ("Authorization", $"bearer {text}")));
        Assert.Equal(200, await StatusAsync(host, ("Authorization", Basic("anyone", text))));
        Assert.Equal(200, await StatusAsync(host, ("Authorization", Basic("", text))));
        Assert.Equal(200, await StatusAsync(host, ("Authorization", Basic(text, ""))));
        Assert.Equal(200, await StatusAsync(host, ("X-Api-Key", text)));
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Anonymous, "GET", $"api/v1/connections?key={text}")).Status);
    }

    [Fact]
    public async Task A_key_in_the_query_needs_leave_and_is_in_no_log_and_no_trace()
    {
        await using var host = await GatewayHost.StartAsync();
        using var traces = new TraceCatcher();
        var (_, allowed) = await host.KeyAsync(new KeyInput { Name = "with leave", Role = GatewayRole.Operator, AllowInQuery = true });
        var (_, other) = await host.KeyAsync(new KeyInput { Name = "without", Role = GatewayRole.Operator });

        Assert.Equal(200, (await GatewayHost.SendAsync(host.Anonymous, "GET", $"api/v1/connections?a=b&KEY={allowed}&c=d")).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Anonymous, "GET", $"api/v1/connections?%6bey={allowed}")).Status);
        Assert.Equal(401, (await GatewayHost.SendAsync(host.Anonymous, "GET", $"api/v1/connections?key={other}")).Status);
        Assert.Equal(404, (await GatewayHost.SendAsync(host.Anonymous, "GET", $"odata/nothing/?key={allowed}")).Status);

        var everything = string.Join('\n', host.Logs.Lines.Concat(traces.Texts));
        Assert.Contains("?a=b&c=d", everything, StringComparison.Ordinal); // the rest of the query is logged as ever
        Assert.DoesNotContain(allowed, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(other, everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_key_the_answer_is_the_same()
    {
        await using var host = await GatewayHost.StartAsync();
        var (_, good) = await host.KeyAsync(new KeyInput { Name = "good", Role = GatewayRole.Admin });
        var (revokedKey, revoked) = await host.KeyAsync(new KeyInput { Name = "revoked", Role = GatewayRole.Admin });
        var (_, expired) = await host.KeyAsync(new KeyInput { Name = "expired", Role = GatewayRole.Admin, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) });
        Assert.True(await host.Get<KeyStore>().RevokeAsync(revokedKey.Id, Token));
        var wrongSecret = good[..^1] + (good[^1] == 'A' ? 'B' : 'A');

        var (_, expected, _) = await GatewayHost.SendAsync(host.Anonymous, "GET", "api/v1/connections");
        string[] presented =
        [
            $"Bearer {wrongSecret}", $"Bearer {revoked}", $"Bearer {expired}", "Bearer x", $"Bearer {good}{good}", "Bearer cgk_", $"Bearer {good[..^1]}", $"Bearer {good}x",
            Basic("x", wrongSecret), "Basic !!!", "Basic", "Basic " + new string('A', 20_000), Basic("no colon", "")[..^3], "Digest x", "x", $"Bearer {new string('é', 80)}",
            "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwicm9sZXMiOlsiYWRtaW4iXX0.",
        ];
        foreach (var value in presented)
        {
            var (status, body, response) = await GatewayHost.SendAsync(host.Anonymous, "GET", "api/v1/connections", null, ("Authorization", value));
            Assert.True(status == 401, $"{value[..Math.Min(30, value.Length)]}: {status}");
            Assert.Equal(WithoutTrace(expected), WithoutTrace(body));
            Assert.Equal("Basic realm=\"CoupaGateway\", charset=\"UTF-8\"", response.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal(200, await StatusAsync(host, ("Authorization", $"Bearer {good}")));
    }

    [Fact]
    public async Task Keys_are_made_listed_rotated_and_revoked_and_shown_once()
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body, response) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/keys", new { name = "Power BI", role = "operator" });
        Assert.Equal(201, status);
        var made = JsonDocument.Parse(body).RootElement;
        var id = made.GetProperty("id").GetString()!;
        var first = made.GetProperty("key").GetString()!;
        Assert.Equal($"/api/v1/keys/{id}", response.Headers.Location!.ToString());

        Assert.DoesNotContain(first, (await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/keys")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(first[21..], (await GatewayHost.SendAsync(host.Admin, "GET", $"api/v1/keys/{id}")).Body, StringComparison.Ordinal);
        Assert.Equal(200, await StatusAsync(host, ("X-Api-Key", first)));

        var second = JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "POST", $"api/v1/keys/{id}/rotate?overlapSeconds=600")).Body).RootElement.GetProperty("key").GetString()!;
        Assert.Equal(200, await StatusAsync(host, ("X-Api-Key", first)));
        Assert.Equal(200, await StatusAsync(host, ("X-Api-Key", second)));

        var third = JsonDocument.Parse((await GatewayHost.SendAsync(host.Admin, "POST", $"api/v1/keys/{id}/rotate")).Body).RootElement.GetProperty("key").GetString()!;
        Assert.Equal(401, await StatusAsync(host, ("X-Api-Key", first)));
        Assert.Equal(401, await StatusAsync(host, ("X-Api-Key", second)));
        Assert.Equal(200, await StatusAsync(host, ("X-Api-Key", third)));

        Assert.Equal(204, (await GatewayHost.SendAsync(host.Admin, "DELETE", $"api/v1/keys/{id}")).Status);
        Assert.Equal(401, await StatusAsync(host, ("X-Api-Key", third)));
        Assert.Equal(404, (await GatewayHost.SendAsync(host.Admin, "DELETE", $"api/v1/keys/{id}")).Status);
    }

    [Fact]
    public async Task The_last_key_of_an_administrator_stays()
    {
        await using var host = await GatewayHost.StartAsync();
        var admins = host.Get<ApiKeyDirectory>().All.Where(static key => key.Role == GatewayRole.Admin).ToArray();
        foreach (var key in admins.Where(static key => key.Name != "test admin"))
            Assert.True(await host.Get<KeyStore>().RevokeAsync(key.Id, Token));

        var last = Assert.Single(host.Get<ApiKeyDirectory>().All);
        Assert.Equal(409, (await GatewayHost.SendAsync(host.Admin, "DELETE", $"api/v1/keys/{last.Id}")).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/keys")).Status);
    }

    [Fact]
    public async Task Every_fault_of_a_key_is_said_at_once()
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/keys", new
        {
            name = "",
            role = "admin",
            grants = new[] { new { connection = "" } },
            limits = new { requestsPerSecond = 0, concurrentRequests = 0, rowsPerPage = 0 },
            expiresAt = "2000-01-01T00:00:00Z",
        });

        Assert.Equal(400, status);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal("urn:coupa-gateway:problem:invalid", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.Equal(
            ["expiresAt", "grants", "grants[0].connection", "limits.concurrentRequests", "limits.requestsPerSecond", "limits.rowsPerPage", "name"],
            problem.GetProperty("errors").EnumerateObject().Select(static error => error.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_made_on_one_gateway_works_on_another_until_it_is_revoked()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var one = await GatewayHost.StartAsync(redis: redis);
        await using var other = await GatewayHost.StartAsync(redis: redis);
        var (key, text) = await one.KeyAsync(new KeyInput { Name = "shared", Role = GatewayRole.Operator });

        await Eventually.TrueAsync(async () => await StatusAsync(other, ("X-Api-Key", text)) == 200);
        await one.Get<KeyStore>().RevokeAsync(key.Id, Token);
        await Eventually.TrueAsync(async () => await StatusAsync(other, ("X-Api-Key", text)) == 401);
    }

    [Fact]
    public async Task Limits_answer_429_and_say_when_to_come_again()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.ClientAsync(new KeyInput { Name = "slow", Role = GatewayRole.Operator, Limits = new KeyLimits(RequestsPerSecond: 0.02) });

        Assert.Equal(200, (await GatewayHost.SendAsync(client, "GET", "api/v1/connections")).Status);
        var (status, body, response) = await GatewayHost.SendAsync(client, "GET", "api/v1/connections");
        Assert.Equal(429, status);
        Assert.Contains("too-many-requests", body, StringComparison.Ordinal);
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        var (feed, feedBody, _) = await GatewayHost.SendAsync(client, "GET", "odata/nothing/");
        Assert.Equal(429, feed);
        Assert.Equal("too-many-requests", JsonDocument.Parse(feedBody).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/connections")).Status);
    }

    [Fact]
    public void A_place_among_concurrent_requests_is_given_back()
    {
        using var limiter = new CallerLimiter();
        var caller = new Caller("one at a time", GatewayRole.Reader, Limits: new KeyLimits(ConcurrentRequests: 1), KeyId: "k");

        Assert.True(limiter.TryTake(caller, out var turn, out _));
        Assert.False(limiter.TryTake(caller, out _, out var retryAfter));
        Assert.True(retryAfter > TimeSpan.Zero);
        turn!.Dispose();
        Assert.True(limiter.TryTake(caller, out _, out _));
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_use_a_browser_to_change_anything()
    {
        await using var host = await GatewayHost.StartAsync();
        const string Path = "api/v1/connections/acme/pause";

        Assert.Equal(403, (await GatewayHost.SendAsync(host.Admin, "POST", Path, null, ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(403, (await GatewayHost.SendAsync(host.Admin, "POST", Path, null, ("Sec-Fetch-Site", "same-site"))).Status);
        Assert.Equal(403, (await GatewayHost.SendAsync(host.Admin, "POST", Path, null, ("Origin", "https://evil.example"))).Status);
        Assert.Equal(403, (await GatewayHost.SendAsync(host.Admin, "POST", Path, null, ("Origin", "null"))).Status);
        Assert.Equal(404, (await GatewayHost.SendAsync(host.Admin, "POST", Path, null, ("Sec-Fetch-Site", "same-origin"))).Status);
        Assert.Equal(404, (await GatewayHost.SendAsync(host.Admin, "POST", Path, null, ("Origin", host.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority)))).Status);
    }

    [Fact]
    public async Task The_audit_log_says_who_did_what_without_values()
    {
        await using var host = await GatewayHost.StartAsync();
        await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/acme/pause?planted-query=1", null);
        await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/keys", new { name = "planted-name", role = "reader" });
        using var reader = await host.ClientAsync(new KeyInput { Name = "curious", Role = GatewayRole.Reader });
        await GatewayHost.SendAsync(reader, "GET", "api/v1/keys");

        var (_, body, _) = await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/audit?count=10");
        var entries = JsonDocument.Parse(body).RootElement.EnumerateArray()
            .Select(static entry => (entry.GetProperty("who").GetString(), entry.GetProperty("what").GetString(), entry.GetProperty("status").GetInt32())).ToArray();
        Assert.Equal([("curious", "listKeys", 403), ("test admin", "createKey", 201), ("test admin", "pauseConnection", 404)], entries);
        Assert.DoesNotContain("planted", body, StringComparison.Ordinal);
        Assert.Equal(400, (await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/audit?count=0")).Status);
        Assert.Contains(host.Logs.Lines, static line => line.StartsWith("5200 test admin: pauseConnection of acme", StringComparison.Ordinal));
    }

    internal static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private static async Task<int> StatusAsync(GatewayHost host, params (string, string)[] headers) =>
        (await GatewayHost.SendAsync(host.Anonymous, "GET", "api/v1/connections", null, headers)).Status;

    internal static string WithoutTrace(string body)
    {
        var problem = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
        Assert.True(problem.Remove("traceId"));
        return problem.ToJsonString();
    }
}
