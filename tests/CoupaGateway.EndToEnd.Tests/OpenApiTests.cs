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

        // Custom fields become columns as they are seen: without them the document is the same however far the first load is.
        await using var gateway = await GatewayProcess.StartAsync(
            ["demo", "--port", "0", "--scale", "0.01", "--data", folder.Path], new Dictionary<string, string> { ["Connections__demo__ObservedColumns__CustomFields"] = "ignore" }, Token);

        await CompareAsync(gateway.Client, "swagger/gateway/swagger.json", "gateway.json");
        await CompareAsync(gateway.Client, "odata/demo/$openapi", "demo-feed.json");
        await TryExamplesAsync(gateway.Client);
        try
        {
            await RestExamples.TryAsync(gateway.Client, Token);
        }
        catch (HttpRequestException gone)
        {
            throw new InvalidOperationException($"The gateway does not answer any more. It said:\n{gateway.Output}", gone);
        }

        Assert.Contains("swagger-ui", await gateway.Client.GetStringAsync("swagger/index.html", Token), StringComparison.Ordinal);
    }

    /// <summary>What Swagger UI sends when its user just presses Execute.</summary>
    private static async Task TryExamplesAsync(HttpClient client)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("odata/demo/$openapi", Token));
        var shared = document.RootElement.GetProperty("components").GetProperty("parameters");
        var tried = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject().Where(static path => !path.Name.Contains('(', StringComparison.Ordinal)))
        {
            if (path.Value.TryGetProperty("post", out var post))
            {
                await TryPostAsync(client, path.Name, post);
                tried++;
                continue;
            }

            var query = path.Value.GetProperty("get").GetProperty("parameters").EnumerateArray()
                .Select(parameter => parameter.TryGetProperty("$ref", out var name) ? shared.GetProperty(name.GetString()!.Split('/')[^1]) : parameter)
                .Where(static parameter => parameter.GetProperty("in").GetString() == "query" && parameter.TryGetProperty("example", out _))
                .Select(static parameter => $"{parameter.GetProperty("name").GetString()}={Uri.EscapeDataString(parameter.GetProperty("example").ToString().Replace("True", "true", StringComparison.Ordinal))}");
            using var response = await client.GetAsync(new Uri($"odata/demo{path.Name}?{string.Join('&', query)}", UriKind.Relative), Token);
            var isLoading = response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable;
            Assert.True(response.IsSuccessStatusCode || isLoading, $"{path.Name}: {await response.Content.ReadAsStringAsync(Token)}");
            tried++;
        }

        Assert.True(tried > 200);
    }

    private static async Task TryPostAsync(HttpClient client, string path, JsonElement post)
    {
        var body = post.GetProperty("requestBody").GetProperty("content").EnumerateObject().Single();
        using var content = new StringContent(body.Value.GetProperty("example").ToString(), new System.Net.Http.Headers.MediaTypeHeaderValue(body.Name));
        using var response = await client.PostAsync(new Uri($"odata/demo{path}", UriKind.Relative), content, Token);
        Assert.True(response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable, $"{path}: {await response.Content.ReadAsStringAsync(Token)}");
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
