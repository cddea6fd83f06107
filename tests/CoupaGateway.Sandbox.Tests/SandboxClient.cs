using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace CoupaGateway.Sandbox.Tests;

/// <summary>A sandbox of its own, with a token in hand.</summary>
internal sealed class SandboxClient : IAsyncDisposable
{
    private SandboxClient(SandboxServer server, HttpClient http)
    {
        Server = server;
        Http = http;
    }

    public SandboxServer Server { get; }

    public HttpClient Http { get; }

    public SandboxControl Control => Server.Control;

    public static async Task<SandboxClient> StartAsync(Action<SandboxOptions>? change = null, TimeProvider? clock = null, string? scope = null)
    {
        var options = new SandboxOptions { Rate = 0, Scale = 0.02 };
        change?.Invoke(options);
        var server = await SandboxServer.StartAsync(options, clock);
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
        var client = new SandboxClient(server, http);
        using var answer = await client.TokenAsync(("grant_type", "client_credentials"), ("scope", scope ?? ""));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)(await JsonAsync(answer))["access_token"]);
        return client;
    }

    public async Task<HttpResponseMessage> TokenAsync(params (string Name, string Value)[] form)
    {
        var fields = form.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
        fields.TryAdd("client_id", Server.ClientId);
        fields.TryAdd("client_secret", Server.ClientSecret);
        using var content = new FormUrlEncodedContent(fields);
        return await Http.PostAsync("/oauth2/token", content);
    }

    public Task<HttpResponseMessage> GetAsync(string url) => Http.GetAsync(url);

    public async Task<JsonArray> ListAsync(string url)
    {
        using var answer = await Http.GetAsync(url);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{url}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsArray();
    }

    public async Task<JsonObject> OneAsync(string url) => JsonNode.Parse(await Http.GetStringAsync(url))!.AsObject();

    /// <summary>All records, page by page by offset.</summary>
    public async Task<List<JsonObject>> AllAsync(string resource, string query = "")
    {
        var all = new List<JsonObject>();
        while (true)
        {
            var page = await ListAsync($"/api/{resource}?offset={all.Count}&{query}");
            all.AddRange(page.Select(r => r!.AsObject()));
            if (page.Count < 50)
                return all;
        }
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
