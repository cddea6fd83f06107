namespace CoupaGateway.Benchmarks.Rows;

/// <summary><c>$expand</c> of 100 invoices with their lines, out of 1 M of each.</summary>
internal sealed class ExpandScenario : IScenario
{
    public string Name => "expand";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkServer.StartAsync(InvoiceTable.Open());
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        foreach (var query in (string[])["$top=100&$skip=120000&$expand=invoice_lines", "$filter=id ge 120000 and id lt 120100&$expand=invoice_lines", "$filter=id ge 120000 and id lt 120100"])
        {
            var bytes = 0L;
            var median = await Measure.MedianAsync(60, async () => bytes = await Measure.DrainAsync(client, $"{BenchmarkFeed.Root}/invoices?{query}", buffer));
            report.WriteLine($"  {query,-70}{median,8:F1} ms, {bytes:N0} bytes");
        }
    }
}
