using CoupaGateway.Tests.Connections;

namespace CoupaGateway.Tests.Hosting;

public sealed class BrowserProtectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_answer_is_taken_for_what_it_says_and_shown_in_no_frame_of_others()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", ConnectionTests.Acme())).Status);
        foreach (var (client, path, status) in new[]
        {
            (host.Anonymous, "livez", 200),
            (host.Admin, "swagger/index.html", 200),
            (host.Anonymous, "openapi/gateway.json", 401),
            (host.Anonymous, "api/v1/connections", 401),
            (host.Admin, "api/v1/connections", 200),
            (host.Admin, "api/v1/connections/nope", 404),
            (host.Admin, "odata/acme/$metadata", 200),
            (host.Admin, "odata/acme/invoices?$filter=nope eq 'a'", 400),
            (host.Admin, "nowhere", 404),
        })
        {
            using var response = await client.GetAsync(path, Token);
            Assert.True((int)response.StatusCode == status, $"{path} answered {(int)response.StatusCode}");
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        }
    }

    [Fact]
    public async Task Messages_are_written_for_people_to_read()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", ConnectionTests.Acme())).Status);
        Assert.Contains("'nope'", await (await host.Admin.GetAsync("odata/acme/invoices?$filter=nope eq 'ü'", Token)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var problem = await (await host.Admin.GetAsync("api/v1/connections/n%27%C3%BC", Token)).Content.ReadAsStringAsync(Token);
        Assert.DoesNotContain("\\u", problem, StringComparison.Ordinal);
    }
}
