using System.Text.Json;
using CoupaGateway.Connections;
using CoupaGateway.Sandbox;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Tests.Servers;
using CoupaGateway.Tests.Hosting;
using Microsoft.Extensions.Hosting;

namespace CoupaGateway.Tests.Connections;

public sealed class ConnectionTests
{
    private const string Secret = "planted-s3cret-of-the-connection";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Jobs that fail at once end at about the moment at which the change would stop them; RunningJobTests hold what then matters.</summary>
    [Fact]
    public async Task A_connection_may_be_changed_again_and_again_while_its_jobs_fail()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        await using var host = await GatewayHost.StartAsync();
        var input = GatewayHost.Sandbox("acme", sandbox, []) with { Pseudonymization = new() { Keys = [new() { Version = 1, Environment = "NO_SUCH_VARIABLE" }] } };
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", input)).Status);
        for (var i = 0; i < 60; i++)
        {
            var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "PATCH", "api/v1/connections/acme", new { requestsPerSecond = 10 + (i % 2) }, ("If-Match", "*"));
            Assert.True(status == 200, body);
            await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/acme/syncs", new { });
        }

        Assert.False(host.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_connection_is_stored_shown_changed_paused_and_removed()
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body, response) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", Acme());
        Assert.True(status == 201, body);
        Assert.Equal("/api/v1/connections/acme", response.Headers.Location!.ToString());
        var etag = response.Headers.ETag!.ToString();
        Assert.NotNull(host.Get<ISchemaProvider>().Find("acme"));

        var (_, shown, got) = await GatewayHost.SendAsync(host.Admin, "GET", "api/v1/connections/acme");
        Assert.Equal(etag, got.Headers.ETag!.ToString());
        var settings = JsonDocument.Parse(shown).RootElement;
        Assert.Equal("stored", settings.GetProperty("origin").GetString());
        Assert.Equal(["invoices"], settings.GetProperty("tables").EnumerateArray().Select(static table => table.GetString()));
        Assert.False(settings.TryGetProperty("clientSecret", out _));

        var (patched, patchBody, patchResponse) = await GatewayHost.SendAsync(host.Admin, "PATCH", "api/v1/connections/acme", new { tables = new[] { "suppliers" }, schedule = new { delta = "*/5 * * * *" } }, ("If-Match", etag));
        Assert.True(patched == 200, patchBody);
        Assert.Equal("gateway", JsonDocument.Parse(patchBody).RootElement.GetProperty("clientId").GetString());
        Assert.True(host.Get<ISchemaProvider>().Find("acme")!.TryGetTable("suppliers", out _));
        Assert.NotEqual(etag, patchResponse.Headers.ETag!.ToString());

        Assert.Equal(412, (await GatewayHost.SendAsync(host.Admin, "PATCH", "api/v1/connections/acme", new { process = "" }, ("If-Match", etag))).Status);
        Assert.Equal(428, (await GatewayHost.SendAsync(host.Admin, "PUT", "api/v1/connections/acme", Acme())).Status);

        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/acme/pause")).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/acme/pause")).Status);
        Assert.Empty(host.Get<CoupaGateway.Sync.Connections.IConnectionProvider>().Connections);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "GET", "odata/acme/")).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/acme/resume")).Status);
        Assert.Single(host.Get<CoupaGateway.Sync.Connections.IConnectionProvider>().Connections);

        Assert.Equal(400, (await GatewayHost.SendAsync(host.Admin, "DELETE", "api/v1/connections/acme?confirm=other")).Status);
        Assert.Equal(204, (await GatewayHost.SendAsync(host.Admin, "DELETE", "api/v1/connections/acme?confirm=acme")).Status);
        Assert.Equal(404, (await GatewayHost.SendAsync(host.Admin, "GET", "odata/acme/")).Status);
    }

    [Fact]
    public async Task Removing_a_connection_removes_its_tables()
    {
        await using var tenant = await CoupaGateway.Sandbox.SandboxServer.StartAsync(new CoupaGateway.Sandbox.SandboxOptions { Scale = 0.01, Rate = 0 }, cancellationToken: Token);
        await using var host = await GatewayHost.StartAsync();
        await host.AddSandboxAsync("acme", tenant, ["departments"]);
        await host.UntilLoadedAsync("acme");

        Assert.Equal(204, (await GatewayHost.SendAsync(host.Admin, "DELETE", "api/v1/connections/acme?confirm=acme")).Status);

        Assert.Empty(await host.Get<ISnapshotStore>().ListAsync("acme", Token));
        await host.AddSandboxAsync("acme", tenant, ["departments"]);
        await host.UntilLoadedAsync("acme"); // a worker of its own, which loads anew
    }

    [Fact]
    public async Task Another_host_needs_the_secret_again()
    {
        await using var host = await GatewayHost.StartAsync();
        var (_, _, response) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", Acme());
        var etag = response.Headers.ETag!.ToString();

        foreach (var instance in new[] { "https://other.coupahost.com", "https://acme.coupahost.com:8443", "http://127.0.0.1:9" })
        {
            var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "PATCH", "api/v1/connections/acme", new { instance }, ("If-Match", etag));
            Assert.Equal(400, status);
            Assert.Equal(["clientSecret"], Errors(body));
        }

        var (changed, changedBody, _) = await GatewayHost.SendAsync(
            host.Admin, "PATCH", "api/v1/connections/acme", new { instance = "https://other.coupahost.com", clientSecret = "new" }, ("If-Match", etag));
        Assert.True(changed == 200, changedBody);
    }

    [Fact]
    public async Task Every_fault_is_said_at_once()
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body, _) = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", new
        {
            name = "Acme!",
            instance = "https://user:password@acme.coupahost.com/path",
            tables = new[] { "invoicez" },
            process = "payroll",
            apiVersion = "R1",
            schedule = new { delta = "sometimes" },
            scopes = new[] { "a b" },
            requestsPerSecond = 0,
        });

        Assert.Equal(400, status);
        Assert.Equal(
            ["apiVersion", "clientId", "clientSecret", "instance", "name", "process", "requestsPerSecond", "schedule", "scopes", "tables"],
            Errors(body).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("password@", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"acme","nosuchfield":1}""", 400, "malformed-body")]
    [InlineData("""{"name":5}""", 400, "malformed-body")]
    [InlineData("""{"name":"acme",""", 400, "malformed-body")]
    [InlineData("", 400, "bad-request")]
    [InlineData("null", 400, "bad-request")]
    [InlineData("[]", 400, "malformed-body")]
    [InlineData("""{"name":"acme","tables":null,"scopes":null,"instance":null}""", 400, "invalid")]
    [InlineData("""{"name":"acme","schedule":{"tables":null}}""", 400, "invalid")]
    [InlineData("""{"name":"acme","schedule":{"tables":{"invoices":null}}}""", 400, "invalid")]
    [InlineData("""{"name":"acme","pseudonymization":{"rules":null}}""", 400, "invalid")]
    public async Task A_malformed_body_is_refused_with_a_problem(string body, int status, string code)
    {
        await using var host = await GatewayHost.StartAsync();

        var answer = await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", body);

        Assert.True(answer.Status == status, answer.Body);
        Assert.Contains(code, answer.Body, StringComparison.Ordinal);
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_oversized_body_and_one_that_is_no_json_are_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        var large = JsonSerializer.Serialize(new { name = new string('a', 300_000) });

        Assert.Equal(413, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", large)).Status);
        using var xml = new HttpRequestMessage(HttpMethod.Post, "api/v1/connections") { Content = new StringContent("<a/>", null, "application/xml") };
        using var response = await host.Admin.SendAsync(xml, Token);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("not-json", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_of_the_configuration_can_be_paused_and_nothing_else()
    {
        await using var host = await GatewayHost.StartAsync(Configured("fixed"));

        Assert.Equal(409, (await GatewayHost.SendAsync(host.Admin, "PUT", "api/v1/connections/fixed", Acme(), ("If-Match", "*"))).Status);
        Assert.Equal(409, (await GatewayHost.SendAsync(host.Admin, "DELETE", "api/v1/connections/fixed?confirm=fixed")).Status);
        Assert.Equal(409, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", Acme() with { Name = "fixed" })).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections/fixed/pause")).Status);
        Assert.True(host.Get<ConnectionRegistry>().FindEntry("fixed")!.IsPaused);
    }

    [Fact]
    public async Task What_is_changed_on_one_gateway_is_in_force_on_another()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var one = await GatewayHost.StartAsync(redis: redis);
        await using var other = await GatewayHost.StartAsync(redis: redis);

        Assert.Equal(201, (await GatewayHost.SendAsync(one.Admin, "POST", "api/v1/connections", Acme())).Status);
        await Eventually.TrueAsync(() => Task.FromResult(other.Get<IConnectionDefinitions>().Find("acme") is not null));
        await GatewayHost.SendAsync(one.Admin, "POST", "api/v1/connections/acme/pause");
        await Eventually.TrueAsync(() => Task.FromResult(other.Get<IConnectionDefinitions>().Find("acme")!.IsPaused));
        await GatewayHost.SendAsync(one.Admin, "DELETE", "api/v1/connections/acme?confirm=acme");
        await Eventually.TrueAsync(() => Task.FromResult(other.Get<IConnectionDefinitions>().Find("acme") is null));
    }

    [Fact]
    public async Task Without_the_key_that_encrypted_it_a_secret_is_asked_for_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using (var first = await GatewayHost.StartAsync(redis: redis))
            Assert.Equal(201, (await GatewayHost.SendAsync(first.Admin, "POST", "api/v1/connections", Acme())).Status);

        var otherKey = Path.GetTempFileName();
        await File.WriteAllTextAsync(otherKey, Convert.ToBase64String(new byte[32]), Token);
        await using var second = await GatewayHost.StartAsync(new Dictionary<string, string?> { ["Protection:KeyFile"] = otherKey }, redis);

        var (_, body, response) = await GatewayHost.SendAsync(second.Admin, "GET", "api/v1/connections/acme");
        Assert.Contains("cannot be decrypted", body, StringComparison.Ordinal);
        Assert.Equal(404, (await GatewayHost.SendAsync(second.Admin, "GET", "odata/acme/")).Status);
        var (status, changed, _) = await GatewayHost.SendAsync(
            second.Admin, "PATCH", "api/v1/connections/acme", new { clientSecret = "again" }, ("If-Match", response.Headers.ETag!.ToString()));
        Assert.True(status == 200, changed);
        Assert.Equal(200, (await GatewayHost.SendAsync(second.Admin, "GET", "odata/acme/")).Status);
        File.Delete(otherKey);
    }

    internal static ConnectionInput Acme() => new()
    {
        Name = "acme",
        Instance = "https://acme.coupahost.com",
        ClientId = "gateway",
        ClientSecret = Secret,
        Tables = ["invoices"],
    };

    private static Dictionary<string, string?> Configured(string name) => new()
    {
        [$"Connections:{name}:Instance"] = "http://127.0.0.1:9",
        [$"Connections:{name}:ClientId"] = "gateway",
        [$"Connections:{name}:ClientSecret"] = Secret,
        [$"Connections:{name}:Tables:0"] = "departments",
    };

    private static IEnumerable<string> Errors(string problem) =>
        JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().Select(static error => error.Name);
}
