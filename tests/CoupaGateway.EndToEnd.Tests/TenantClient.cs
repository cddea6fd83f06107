using System.Net.Http.Headers;
using System.Text.Json;
using CoupaGateway.Sandbox;

namespace CoupaGateway.EndToEnd.Tests;

/// <summary>Reads the sandbox in the plainest way there is, by offset: what the gateway serves is compared with this.</summary>
internal sealed class TenantClient : IDisposable
{
    private const int PageSize = 50;

    private readonly HttpClient _client;

    private TenantClient(HttpClient client) => _client = client;

    public static async Task<TenantClient> ConnectAsync(SandboxServer sandbox, CancellationToken cancellationToken)
    {
        var options = new SandboxOptions();
        var client = new HttpClient { BaseAddress = sandbox.BaseAddress };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = options.ClientId,
            ["client_secret"] = options.ClientSecret,
        });
        using var response = await client.PostAsync("/oauth2/token", form, cancellationToken);
        using var token = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return new TenantClient(client);
    }

    public async Task<List<JsonElement>> ReadAllAsync(string path, CancellationToken cancellationToken)
    {
        var records = new List<JsonElement>();
        while (true)
        {
            var page = JsonDocument.Parse(await _client.GetStringAsync($"{path}?order_by=id&dir=asc&limit={PageSize}&offset={records.Count}", cancellationToken));
            records.AddRange(page.RootElement.EnumerateArray());
            if (page.RootElement.GetArrayLength() < PageSize)
            {
                return records;
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
