using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>What a person waits for, over HTTP: a filter over 1 M rows that matches few, groups and counts of all, the top 10 by a column, one entity by its key; then how many lookups and unchanged answers a second there are.</summary>
internal sealed class QueriesScenario : IScenario
{
    private const int Clients = 32;

    /// <summary>The memory for lookups is full, or has all chunks, when it has not grown for so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan MostWarm = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    public string Name => "queries";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkServer.StartAsync(InvoiceTable.Open());
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        var turn = 0;
        (string Title, Func<string> Url)[] queries =
        [
            ("contains, few of 1 M rows", static () => "invoices?$filter=contains(description,'project 4711, see order 29')"),
            ("group and sum 1 M rows", static () => "invoices?$apply=groupby((status),aggregate(gross_total with sum as total,$count as n))&$orderby=total desc"),
            ("filter and count 1 M rows", static () => "invoices?$filter=gross_total gt 5000 and status eq 'approved'&$count=true&$top=10&$select=id,status,gross_total"),
            ("top 10 of 1 M rows", static () => "invoices?$orderby=gross_total desc&$top=10"),
            ("entity by key, the same", static () => "invoices(654321)"),
        ];
        foreach (var (title, url) in queries)
            await MeasureAsync(title, url);

        await MeasureRateAsync(report, server, "lookups by key", static place => $"invoices({place * 7_919L * 131 % InvoiceTable.RowCount})", tag: null);
        report.WriteLine($"  {"memory for lookups",-28}{server.LookupBytes / 1e6,8:F0} MB");
        await MeasureAsync("entity by key, any", () => $"invoices({turn++ * 7_919L * 131 % InvoiceTable.RowCount})");
        using var first = await client.GetAsync($"{BenchmarkFeed.Root}/invoices?$top=5000", cancellationToken);
        await MeasureRateAsync(report, server, "pages not modified", static _ => "invoices?$top=5000", first.Headers.ETag);

        async Task MeasureAsync(string title, Func<string> url)
        {
            long bytes = 0;
            var median = await Measure.MedianAsync(60, async () => bytes = await Measure.DrainAsync(client, $"{BenchmarkFeed.Root}/{url()}", buffer));
            report.WriteLine($"  {title,-28}{median,8:F1} ms, {bytes:N0} bytes");
        }
    }

    /// <summary>Answers a second to 32 clients, which share the processor with the server.</summary>
    private static async Task MeasureRateAsync(TextWriter report, BenchmarkServer server, string title, Func<int, string> url, EntityTagHeaderValue? tag)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients }) { BaseAddress = server.Address };
        using var end = new CancellationTokenSource();
        var answers = 0;
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{BenchmarkFeed.Root}/{url(Interlocked.Increment(ref answers))}");
                if (tag is not null)
                    request.Headers.IfNoneMatch.Add(tag);
                using var response = await client.SendAsync(request, CancellationToken.None);
                if (response.StatusCode != (tag is null ? HttpStatusCode.OK : HttpStatusCode.NotModified))
                    throw new InvalidOperationException($"The answer was {response.StatusCode}.");
                await response.Content.CopyToAsync(Stream.Null, CancellationToken.None);
            }
        })).ToArray();

        var warm = Stopwatch.StartNew();
        for (var known = -1L; known != server.LookupBytes && warm.Elapsed < MostWarm;)
        {
            known = server.LookupBytes;
            await Task.Delay(Pause, CancellationToken.None);
        }

        var (before, start) = (Volatile.Read(ref answers), Stopwatch.GetTimestamp());
        await Task.Delay(Measured, CancellationToken.None);
        var rate = (Volatile.Read(ref answers) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.CancelAsync();
        await Task.WhenAll(clients);
        report.WriteLine($"  {title,-28}{rate,8:N0} a second with {Clients} clients in the same process, after {warm.Elapsed.TotalSeconds:F0} s of them");
    }
}
