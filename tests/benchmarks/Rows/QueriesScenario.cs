namespace CoupaGateway.Benchmarks.Rows;

/// <summary>What a person waits for, over HTTP: a filter over 1 M rows that matches few, the top 10 by a column, one entity by its key.</summary>
internal sealed class QueriesScenario : IScenario
{
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
            ("top 10 of 1 M rows", static () => "invoices?$orderby=gross_total desc&$top=10"),
            ("entity by key, the same", static () => "invoices(654321)"),
            ("entity by key, any", () => $"invoices({turn++ * 7_919L * 131 % InvoiceTable.RowCount})"),
        ];
        foreach (var (title, url) in queries)
        {
            long bytes = 0;
            var median = await Measure.MedianAsync(60, async () => bytes = await Measure.DrainAsync(client, $"{BenchmarkFeed.Root}/{url()}", buffer));
            report.WriteLine($"  {title,-28}{median,8:F1} ms, {bytes:N0} bytes");
        }
    }
}
