using System.Net;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>Reads the demo's feed as a client does.</summary>
internal sealed class Feed(HttpClient client)
{
    public const string Root = "odata/demo/";

    public async Task<JsonElement> GetAsync(string relative, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(relative.StartsWith("http", StringComparison.Ordinal) ? relative : Root + relative, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{relative}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async Task<HttpStatusCode> StatusAsync(string relative, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(Root + relative, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Follows nextLink to the end.</summary>
    public async Task<List<JsonElement>> ReadAllAsync(string relative, CancellationToken cancellationToken)
    {
        var rows = new List<JsonElement>();
        for (var next = relative; next is not null;)
        {
            var page = await GetAsync(next, cancellationToken);
            rows.AddRange(page.GetProperty("value").EnumerateArray());
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return rows;
    }

    public async Task<bool> IsLoadedAsync(CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync("api/v1/connections", cancellationToken);
        using var connections = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        var demo = connections.RootElement[0];
        return demo.GetProperty("loaded").GetInt32() == demo.GetProperty("tables").GetInt32();
    }
}
