using System.Text.Json.Nodes;

namespace CoupaGateway.EndToEnd.Tests;

public sealed class OpenApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_checked_in_document_is_what_the_gateway_serves()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(["demo", "--port", "0", "--scale", "0.01", "--data", folder.Path], cancellationToken: Token);

        var served = JsonNode.Parse(await gateway.Client.GetStringAsync("swagger/gateway/swagger.json", Token));
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "gateway.json"), Token));

        Assert.True(JsonNode.DeepEquals(file, served), $"openapi/gateway.json is out of date. The gateway serves:\n{served}");
        Assert.Contains("swagger-ui", await gateway.Client.GetStringAsync("swagger/index.html", Token), StringComparison.Ordinal);
    }
}
