using System.Text.Json;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>
/// A page of 5,000 rows × 60 columns in the middle of 1 M, one client, uncompressed, through the feed's own endpoint by the address that its nextLink gives:
/// against stock ASP.NET Core OData by its own, and against the same bytes from an array. The gateway's page also in turn with all others, as a client reads that follows links: none is then
/// in memory from the time before.
/// </summary>
internal sealed class PageScenario : IScenario
{
    private const long AfterId = 500_000;
    private const int Runs = 60;

    public string Name => "page";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        await using var server = await BenchmarkServer.StartAsync(table);
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        var page = BenchmarkFeed.PageAfter(AfterId);
        var last = -1L;
        using var copy = new MemoryStream();
        await Measure.DrainAsync(client, page, buffer, copy);
        server.Bytes = copy.ToArray();

        // Before the rows of stock are there: 1 M objects on the heap would slow down the collector for everybody.
        var ours = await Measure.MedianAsync(Runs, () => Measure.DrainAsync(client, page, buffer));
        var inTurn = await Measure.MedianAsync(Runs, () => Measure.DrainAsync(client, BenchmarkFeed.PageAfter(NextStart()), buffer));
        var allocated = await Measure.AllocatedAsync(Runs, () => Measure.DrainAsync(client, page, buffer));
        var bytes = await Measure.MedianAsync(100, () => Measure.DrainAsync(client, "/bytes", buffer));
        var (four, fourBytes) = (await FourAsync(server, page), await FourAsync(server, "/bytes"));

        server.Stock.Table = await StockRows.ReadAsync(table);
        server.Stock.Page = [.. server.Stock.Table.Skip((int)AfterId + 1).Take(BenchmarkServer.PageSize + 1)];
        var whole = await StockAsync($"/stock/Invoices?$skiptoken=id-{AfterId}");
        var alone = await StockAsync("/stock/Page");

        report.WriteLine($"5,000 rows x 60 columns, {server.Bytes.Length / 1e6:F1} MB, one client, medians:");
        report.WriteLine($"  gateway                          {ours,8:F1} ms   {allocated:N0} bytes allocated a page, the client's among them");
        report.WriteLine($"  gateway, each page once, in turn {inTurn,8:F1} ms");
        report.WriteLine($"  stock OData, 1 M rows in memory  {whole,8:F1} ms   the gateway is {whole / ours:F1} times as fast, in turn {whole / inTurn:F1}");
        report.WriteLine($"  stock OData, 5,001 rows          {alone,8:F1} ms   the gateway is {alone / ours:F1} times as fast, in turn {alone / inTurn:F1}");
        report.WriteLine($"  bytes of an array                {bytes,8:F1} ms   the gateway reaches {bytes / ours:P1} of it, with four clients {fourBytes / four:P1}");

        long NextStart() => last = (last + BenchmarkServer.PageSize) % (InvoiceTable.RowCount - BenchmarkServer.PageSize);

        async Task<double> StockAsync(string url)
        {
            using var stock = new MemoryStream();
            await Measure.DrainAsync(client, url, buffer, stock);
            Check(server.Bytes, stock.ToArray());
            return await Measure.MedianAsync(9, () => Measure.DrainAsync(client, url, buffer));
        }
    }

    /// <summary>Milliseconds a page when four clients read at the same time.</summary>
    private static async Task<double> FourAsync(BenchmarkServer server, string url)
    {
        const int Pages = 10;
        using var client = new HttpClient { BaseAddress = server.Address };
        return await Measure.MedianAsync(9, () => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var buffer = new byte[256 * 1024];
            for (var i = 0; i < Pages; i++)
                await Measure.DrainAsync(client, url, buffer);
        })))) / (4 * Pages);
    }

    /// <summary>A race is fair only between equals: both sent the same rows.</summary>
    private static void Check(byte[] ours, byte[] stock)
    {
        using var left = JsonDocument.Parse(ours);
        using var right = JsonDocument.Parse(stock);
        var rows = left.RootElement.GetProperty("value");
        var stockRows = right.RootElement.GetProperty("value");
        var same = rows.GetArrayLength() == BenchmarkServer.PageSize
            && rows.EnumerateArray().Zip(stockRows.EnumerateArray()).All(static pair => JsonElement.DeepEquals(pair.First, pair.Second));
        if (!same)
            throw new InvalidOperationException("Stock OData and the gateway do not send the same rows.");
    }
}
