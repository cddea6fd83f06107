using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CoupaGateway.Benchmarks.Rows;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Benchmarks.Metadata;

/// <summary>The demo in a process of its own: <c>$metadata</c> of its 100 tables, custom metadata of 1 MB, and a thousand revisions of it.</summary>
internal sealed class MetadataScenario : IScenario
{
    private const string Document = "/odata/demo/$metadata", Custom = "/api/v1/connections/demo/metadata";

    private const int Runs = 200, Validations = 20, Changes = 20, Revisions = 1_000;

    public string Name => "metadata";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-metadata-");
        try
        {
            await using var gateway = await GatewayProcess.StartAsync(["demo", "--port", "0", "--rate", "0", "--scale", "0.02", "--data", folder.FullName], cancellationToken: cancellationToken);
            var client = gateway.Client;
            await gateway.UntilAsync(() => IsLoadedAsync(client, cancellationToken), "all tables are loaded", cancellationToken);
            await MeasureDocumentAsync(report, client, cancellationToken);
            await MeasureValidationAsync(report, client, cancellationToken);
            await MeasureChangesAsync(report, client, cancellationToken);
            await MeasureRevisionsAsync(report, gateway, cancellationToken);
            await gateway.StopAsync(cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureDocumentAsync(TextWriter report, HttpClient client, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 20];
        var whole = await Measure.MedianAsync(Runs, () => Measure.DrainAsync(client, Document, buffer));
        using var first = await client.GetAsync(Document, cancellationToken);
        var tag = first.Headers.ETag!;
        var same = await Measure.MedianAsync(Runs, async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Document);
            request.Headers.IfNoneMatch.Add(tag);
            using var response = await client.SendAsync(request, cancellationToken);
            Require(response.StatusCode == HttpStatusCode.NotModified, "304");
        });
        var bytes = (await first.Content.ReadAsByteArrayAsync(cancellationToken)).Length;
        await report.WriteLineAsync($"  $metadata, {bytes / 1e3:F0} kB: {whole:F2} ms; not modified: {same:F2} ms (median of {Runs})");
    }

    private static async Task MeasureValidationAsync(TextWriter report, HttpClient client, CancellationToken cancellationToken)
    {
        var document = Large();
        var time = await Measure.MedianAsync(Validations, async () =>
        {
            using var response = await client.PostAsync($"{Custom}/validate", Json(document), cancellationToken);
            Require(response.IsSuccessStatusCode && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("\"valid\":true", StringComparison.Ordinal), "a valid document");
        });
        await report.WriteLineAsync($"  validation of {document.Length / 1e6:F2} MB of custom metadata: {time:F0} ms (median of {Validations})");
    }

    private static async Task MeasureChangesAsync(TextWriter report, HttpClient client, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        string? tag = null;
        for (var change = 0; change < Changes; change++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"own-{change}");
            tag = await PutAsync(client, OneColumn(name), tag, cancellationToken);
            var start = Stopwatch.GetTimestamp();
            while (!(await client.GetStringAsync(Document, cancellationToken)).Contains(name.Replace('-', '_'), StringComparison.Ordinal))
                Require(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "the change in $metadata");
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        await report.WriteLineAsync($"  a column in $metadata after its document was saved: {times[times.Count / 2]:F0} ms (median of {Changes}), {times[^1]:F0} ms at most");
        await DeleteAsync(client, tag!, cancellationToken);
    }

    private static async Task MeasureRevisionsAsync(TextWriter report, GatewayProcess gateway, CancellationToken cancellationToken)
    {
        string? tag = null;
        for (var revision = 1; revision <= Revisions; revision++)
        {
            tag = await PutAsync(gateway.Client, OneColumn(string.Create(CultureInfo.InvariantCulture, $"own-{revision % 7}")), tag, cancellationToken);
            await gateway.Client.GetStringAsync(Document, cancellationToken);
            if (revision is 100 or 300 or 500 or Revisions)
            {
                using var process = Process.GetProcessById(gateway.Id);
                await report.WriteLineAsync($"  memory after {revision,5} revisions: {process.WorkingSet64 / 1e6:F0} MB");
            }
        }
    }

    private static async Task<string> PutAsync(HttpClient client, string document, string? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Custom) { Content = Json(document) };
        if (tag is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var response = await client.SendAsync(request, cancellationToken);
        Require(response.IsSuccessStatusCode, $"a saved document: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return response.Headers.ETag!.ToString();
    }

    private static async Task DeleteAsync(HttpClient client, string tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Custom);
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var response = await client.SendAsync(request, cancellationToken);
        Require(response.IsSuccessStatusCode, "a removed document");
    }

    private static async Task<bool> IsLoadedAsync(HttpClient client, CancellationToken cancellationToken) =>
        await client.GetStringAsync("/odata/demo/_meta/$count?$filter=state ne 'loaded' and table_name ne 'deleted_records'", cancellationToken) == "0";

    private static StringContent Json(string document) => new(document, Encoding.UTF8, "application/json");

    private static string OneColumn(string name) =>
        $$"""{"metadataSources":[{"url":"departments","targetResources":["departments"]}],"resources":[{"displayName":"departments","columns":[{"name":"{{name}}","pseudonymize":"keep"}]}]}""";

    /// <summary>100 tables of 220 columns.</summary>
    private static string Large()
    {
        var sources = string.Join(',', Enumerable.Range(0, 100).Select(static table => $$"""{"url":"things_{{table}}","targetResources":["things_{{table}}"]}"""));
        var tables = string.Join(',', Enumerable.Range(0, 100).Select(static table =>
            $$"""{"displayName":"things_{{table}}","columns":["id",{{string.Join(',', Enumerable.Range(0, 220).Select(static column => $$"""{"name":"column-{{column:D4}}","type":"STRING"}"""))}}]}"""));
        return $$"""{"metadataSources":[{{sources}}],"resources":[{{tables}}]}""";
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"The gateway did not give {what}.");
    }
}
