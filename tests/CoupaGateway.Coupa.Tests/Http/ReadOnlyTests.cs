using CoupaGateway.Coupa.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Coupa.Tests.Http;

public sealed class ReadOnlyTests
{
    [Theory]
    [InlineData("PUT", "/api/invoices/1")]
    [InlineData("POST", "/api/invoices")]
    [InlineData("POST", "/oauth2/token/x")]
    [InlineData("POST", "/oauth2/token?x=y")]
    [InlineData("PATCH", "/api/invoices/1")]
    [InlineData("DELETE", "/api/invoices/1")]
    [InlineData("HEAD", "/api/invoices")]
    [InlineData("OPTIONS", "/api/invoices")]
    [InlineData("GET", "/oauth2/token")]
    [InlineData("GET", "/invoices")]
    public async Task The_last_handler_lets_nothing_out_but_reads_and_the_token_request(string method, string path)
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = gateway.Services.GetRequiredService<IHttpClientFactory>().CreateClient(CoupaConstants.HttpClientName);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.Coupa.Address, path));

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request));

        Assert.Equal(0, gateway.Coupa.ApiRequests + gateway.Coupa.TokenRequests);
    }

    [Fact]
    public async Task A_get_with_a_body_or_over_plain_http_elsewhere_does_not_leave()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = gateway.Services.GetRequiredService<IHttpClientFactory>().CreateClient(CoupaConstants.HttpClientName);
        using var withBody = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Coupa.Address, "/api/invoices")) { Content = new StringContent("exported=true") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(withBody));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(new Uri("http://acme.coupahost.com/api/invoices")));

        Assert.Equal(0, gateway.Coupa.ApiRequests);
    }

    [Fact]
    public void Nothing_public_takes_a_method_or_content()
    {
        var types = typeof(CoupaClient).Assembly.GetExportedTypes();
        var parameters = types.SelectMany(static type => type.GetMethods()).SelectMany(static method => method.GetParameters()).Select(static parameter => parameter.ParameterType);

        Assert.DoesNotContain(parameters, static type => type == typeof(HttpMethod) || type == typeof(HttpRequestMessage) || typeof(HttpContent).IsAssignableFrom(type));
    }

    [Fact]
    public async Task Requests_ask_for_json_and_say_who_asks()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = static context =>
        {
            Assert.Equal("application/json", context.Request.Headers.Accept);
            Assert.StartsWith("CoupaGateway/", context.Request.Headers.UserAgent.ToString(), StringComparison.Ordinal);
            Assert.Empty(context.Request.Headers["traceparent"].ToString());
            return FakeCoupa.Json(context, "[]");
        };

        Assert.Equal(0, await gateway.CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("../oauth2/token")]
    [InlineData("invoices/../users")]
    [InlineData("/invoices")]
    [InlineData("invoices?exported=true")]
    [InlineData("invoices#x")]
    [InlineData("invoices\n")]
    [InlineData("//evil.example.com")]
    [InlineData("http://evil.example.com")]
    [InlineData("in%2e%2evoices")]
    public async Task A_resource_that_is_no_plain_path_is_refused(string resource)
    {
        await using var gateway = await Gateway.StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => gateway.CountAsync(resource));

        Assert.Equal(0, gateway.Coupa.ApiRequests);
    }
}
