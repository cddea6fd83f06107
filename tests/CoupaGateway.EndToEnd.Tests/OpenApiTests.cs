using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>The documents in <c>openapi/</c> are what the demo serves. With <c>OPENAPI_UPDATE=1</c> the test writes them instead.</summary>
public sealed class OpenApiTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_checked_in_documents_are_what_the_gateway_serves()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(["demo", "--port", "0", "--scale", "0.01", "--data", folder.Path], cancellationToken: Token);

        await CompareAsync(gateway.Client, "swagger/gateway/swagger.json", "gateway.json");
        await CompareAsync(gateway.Client, "odata/demo/$openapi", "demo-feed.json");
        Assert.Contains("swagger-ui", await gateway.Client.GetStringAsync("swagger/index.html", Token), StringComparison.Ordinal);
    }

    private static async Task CompareAsync(HttpClient client, string address, string name)
    {
        var served = JsonNode.Parse(await client.GetStringAsync(address, Token))!;
        var path = Path.Combine(Repository.Root, "openapi", name);
        if (Environment.GetEnvironmentVariable("OPENAPI_UPDATE") == "1")
            await File.WriteAllTextAsync(path, served.ToJsonString(Indented) + "\n", Token);

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(path, Token)), served),
            $"openapi/{name} is out of date. Run this test with OPENAPI_UPDATE=1 and look at the difference.");
    }
}
