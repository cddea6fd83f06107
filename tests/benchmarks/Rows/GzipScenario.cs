using System.IO.Compression;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>A page of 5,000 × 60 with gzip, against the compressor alone over the same bytes.</summary>
internal sealed class GzipScenario : IScenario
{
    private const int Runs = 40;

    public string Name => "gzip";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkServer.StartAsync(InvoiceTable.Open());
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        var page = BenchmarkFeed.PageAfter(500_000);
        using var copy = new MemoryStream();
        await Measure.DrainAsync(client, page, buffer, copy);
        var plain = copy.ToArray();

        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        var sent = 0L;
        var whole = await Measure.MedianAsync(Runs, async () => sent = await Measure.DrainAsync(client, page, buffer));
        var alone = await Measure.MedianAsync(Runs, () => Task.Run(() =>
        {
            using var gzip = new GZipStream(Stream.Null, CompressionLevel.Fastest);
            gzip.Write(plain);
        }));
        report.WriteLine($"  page with gzip {whole:F1} ms ({sent:N0} of {plain.Length:N0} bytes), the compressor alone {alone:F1} ms: {whole / alone:F2} times");
    }
}
