using System.Text.Json;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Tests.Hosting;

/// <summary>Behind a reverse proxy, links name the address that clients use; nobody but the proxy can say which.</summary>
public sealed class ForwardingTests
{
    private static readonly Dictionary<string, string?> Acme = new()
    {
        ["Connections:acme:Instance"] = "https://127.0.0.1:9",
        ["Connections:acme:ClientId"] = "a",
        ["Connections:acme:ClientSecret"] = "b",
    };

    [Theory]
    [InlineData("127.0.0.1", "https://data.example.com/coupa/odata/acme/$metadata")]
    [InlineData("127.0.0.0/8", "https://data.example.com/coupa/odata/acme/$metadata")]
    [InlineData("10.0.0.0/8", null)]
    [InlineData(null, null)]
    public async Task Links_name_the_address_that_a_trusted_proxy_tells(string? proxy, string? expected)
    {
        var settings = new Dictionary<string, string?>(Acme);
        if (proxy is not null)
            settings["Forwarding:Proxies:0"] = proxy;
        await using var gateway = await GatewayHost.StartAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Get, "odata/acme/");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "data.example.com");
        request.Headers.Add("X-Forwarded-Prefix", "/coupa");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var response = await gateway.Admin.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal(expected ?? $"{gateway.Admin.BaseAddress}odata/acme/$metadata", JsonDocument.Parse(body).RootElement.GetProperty("@odata.context").GetString());
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_ends_the_start_with_its_setting()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(async () => await GatewayHost.StartAsync(new Dictionary<string, string?> { ["Forwarding:Proxies:0"] = "proxy.example" }));
        Assert.Contains("Forwarding:Proxies", error.Message, StringComparison.Ordinal);
    }
}
