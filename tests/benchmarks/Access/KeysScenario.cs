using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CoupaGateway.Access;
using CoupaGateway.Access.Keys;
using CoupaGateway.Hosting;
using CoupaGateway.Snapshots.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Benchmarks.Access;

/// <summary>What the check of a key adds to a request: the same request with a key and, as the demo allows it on loopback, without; with few keys and with 10,000.</summary>
internal sealed class KeysScenario : IScenario
{
    private const int Keys = 10_000;
    private const int Requests = 20_000;
    private const int WarmUp = 5_000;
    private const int Checks = 1_000_000;

    /// <summary>An endpoint that does next to nothing: there are no connections.</summary>
    private static readonly Uri Path = new("api/v1/connections", UriKind.Relative);

    public string Name => "keys";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-keys-");
        try
        {
            var app = GatewayApplication.Create([], builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Cache:Folder"] = folder.FullName,
                    ["Access:AnonymousOnLoopback"] = "true",
                    ["urls"] = "http://127.0.0.1:0",
                });
                builder.Logging.ClearProviders();
            });
            await using (app)
            {
                await app.StartAsync(cancellationToken);
                await app.Services.GetRequiredService<IDocumentFollower>().WaitUntilLoadedAsync(cancellationToken);
                var (_, text) = await app.Services.GetRequiredService<KeyStore>().CreateAsync(new KeyInput { Name = "benchmark", Role = GatewayRole.Admin }, "benchmark", cancellationToken);
                await MeasureAsync(report, app, text, cancellationToken);
                await AddKeysAsync(app.Services, cancellationToken);
                await MeasureAsync(report, app, text, cancellationToken);
                await app.StopAsync(cancellationToken);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(TextWriter report, WebApplication app, string key, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var (without, with) = (new List<double>(Requests), new List<double>(Requests));
        for (var i = 0; i < WarmUp + Requests; i++)
        {
            // In turn, so that whatever else the machine does is in both.
            var (one, other) = (await AskAsync(client, null, cancellationToken), await AskAsync(client, key, cancellationToken));
            if (i < WarmUp)
                continue;
            without.Add(one);
            with.Add(other);
        }

        var directory = app.Services.GetRequiredService<ApiKeyDirectory>();
        await report.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {directory.All.Count,6} keys   request without key {Median(without):F1} µs   with key {Median(with):F1} µs   difference of the medians {Median(with) - Median(without):F1} µs   the check alone {Check(directory, key):F2} µs"));
    }

    private static async Task<double> AskAsync(HttpClient client, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var start = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, cancellationToken);
        await response.EnsureSuccessStatusCode().Content.CopyToAsync(Stream.Null, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    /// <returns>Microseconds of one check.</returns>
    private static double Check(ApiKeyDirectory directory, string key)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Checks; i++)
        {
            if (directory.Check(key) is null)
                throw new InvalidOperationException("The key is not accepted.");
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Checks;
    }

    private static async Task AddKeysAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var documents = services.GetRequiredService<ISharedDocumentStore>();
        for (var i = services.GetRequiredService<ApiKeyDirectory>().All.Count; i < Keys; i++)
        {
            var (id, text) = KeyText.Create();
            var key = new ApiKey { Id = id, Name = $"key {i}", Role = GatewayRole.Reader, Hash = KeyText.Hash(text), CreatedAt = DateTimeOffset.UtcNow, CreatedBy = "benchmark" };
            await documents.TryWriteAsync(AccessDocuments.Keys, id, expected: null, JsonSerializer.Serialize(key, AccessDocuments.Json), cancellationToken);
        }

        await services.GetRequiredService<IDocumentFollower>().RefreshAsync(cancellationToken);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
