using System.Net.Http.Headers;
using System.Text;
using CoupaGateway.Tests.Connections;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace CoupaGateway.Tests.Hosting;

/// <summary>Every endpoint that takes JSON, as the application lists them, is sent what is none.</summary>
public sealed class BodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_malformed_oversized_or_no_json_is_refused_by_every_endpoint_that_takes_a_body()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(201, (await GatewayHost.SendAsync(host.Admin, "POST", "api/v1/connections", ConnectionTests.Acme())).Status);
        Assert.Equal(200, (await GatewayHost.SendAsync(host.Admin, "PUT", "api/v1/connections/acme/metadata", "{}", ("If-None-Match", "*"))).Status);
        var large = "{\"name\":\"" + new string('a', 6_000_000) + "\"}";
        var checkedEndpoints = 0;
        var faults = new List<string>();
        foreach (var endpoint in host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepts || !accepts.ContentTypes.Any(static type => type.Contains("json", StringComparison.Ordinal)))
                continue;

            var path = endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{connection}", "acme", StringComparison.Ordinal);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                foreach (var (body, type, expected) in new[]
                {
                    ("{\"a\":", "application/json", 400),
                    ("[1]", "application/json", 400),
                    ("\"text\"", "application/json", 400),
                    ("{\"a\":1} {", "application/json", 400),
                    ("\ud83d", "application/json", 400),
                    (large, "application/json", 413),
                    ("<a/>", "application/xml", 415),
                })
                {
                    var (status, answered, text) = await SendAsync(host, method, path, body, type);
                    if (status == 200 && endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == "validateMetadata")
                        Assert.Contains("\"valid\":false", text, StringComparison.Ordinal); // what is wrong is what it is asked for
                    else if (status != expected || answered != "application/problem+json" || !text.Contains("traceId", StringComparison.Ordinal))
                        faults.Add($"{method} {path} answered {status} {answered} to {body[..Math.Min(20, body.Length)]}: {text}");
                }
            }

            checkedEndpoints++;
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(checkedEndpoints >= 10, $"{checkedEndpoints} endpoints");
    }

    private static async Task<(int Status, string? Type, string Text)> SendAsync(GatewayHost host, string method, string path, string body, string type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        request.Headers.ExpectContinue = true; // a body that is too large is refused before it is sent
        using var response = await host.Admin.SendAsync(request, Token);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(Token));
    }
}
