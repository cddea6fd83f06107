using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace CoupaGateway.EndToEnd.Tests;

public sealed partial class ClosedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outside_the_demo_only_the_health_check_answers()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(
            ["serve"],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Cache__Folder"] = folder.Path,
                ["Outbound__AllowLoopback"] = "true",
                ["Connections__acme__Instance"] = "http://127.0.0.1:9",
                ["Connections__acme__ClientId"] = "client",
                ["Connections__acme__ClientSecret"] = "planted-secret",
            },
            Token);

        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("livez", Token)).StatusCode);
        foreach (var path in new[] { "odata/acme/", "odata/acme/$metadata", "odata/acme/invoices", "api/v1/connections", "swagger/index.html", "swagger/gateway/swagger.json", "nothing" })
        {
            using var response = await gateway.Client.GetAsync(path, Token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.DoesNotContain("planted-secret", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_start_prints_a_key_for_an_administrator_and_no_later_one_does()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Cache__Folder"] = folder.Path };
        string key;
        await using (var first = await GatewayProcess.StartAsync(["serve"], settings, Token))
        {
            await first.UntilAsync(() => Task.FromResult(PrintedKey().IsMatch(first.Output)), "a key is printed", Token);
            key = Assert.Single(PrintedKey().Matches(first.Output)).Value;
            using var keys = await AskAsync(first, key);
            Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
            Assert.DoesNotContain(key, await keys.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            await first.StopAsync(Token);
        }

        await using var second = await GatewayProcess.StartAsync(["serve"], settings, Token);
        HttpStatusCode status = default;
        await second.UntilAsync(
            async () =>
            {
                using var answer = await AskAsync(second, key);
                return (status = answer.StatusCode) != HttpStatusCode.ServiceUnavailable;
            },
            "keys can be checked",
            Token);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotMatch(PrintedKey(), second.Output);
    }

    [Fact]
    public async Task The_demo_does_not_answer_to_another_host_name()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(["demo", "--port", "0", "--scale", "0.01", "--data", folder.Path], cancellationToken: Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, Feed.Root);
        request.Headers.Host = "evil.example";

        using var response = await gateway.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_wrong_configuration_is_refused_with_every_fault_at_once()
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayProcess.StartAsync(
            ["serve"],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Cache__Folder"] = folder.Path,
                ["Connections__acme__Instance"] = "http://acme.coupahost.com",
                ["Connections__acme__ClientId"] = "client",
                ["Connections__acme__Tables__0"] = "invoicez",
                ["Connections__Bad_Name__Instance"] = "https://acme.coupahost.com",
            },
            Token));

        Assert.Contains("Connections:acme: Instance must begin with https://", error.Message, StringComparison.Ordinal);
        Assert.Contains("invoicez", error.Message, StringComparison.Ordinal);
        Assert.Contains("ClientSecret is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("Connections:Bad_Name", error.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> AskAsync(GatewayProcess gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/keys") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        return await gateway.Client.SendAsync(request, Token);
    }

    [GeneratedRegex(@"\bcgk_\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrintedKey();
}
