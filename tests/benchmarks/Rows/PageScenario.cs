using System.Text.Json;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>
/// A page of 5,000 rows × 60 columns in the middle of 1 M, one client, uncompressed, through the feed's own endpoint by the address that its nextLink gives:
/// against stock ASP.NET Core OData by its own, and against the same bytes from an array, all in turns. The gateway's page also in turn with all others, as a client reads that follows links: none is then
/// in memory from the time before.
/// </summary>
internal sealed class PageScenario : IScenario
{
    private const long AfterId = 500_000;
    private const int Runs = 90;
    private const int Rounds = 9;
    private const int StockRuns = 4;

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

        server.Stock.Table = await StockRows.ReadAsync(table);
        server.Stock.Page = [.. server.Stock.Table.Skip((int)AfterId + 1).Take(BenchmarkServer.PageSize + 1)];
        var wholeStock = $"/stock/Invoices?$skiptoken=id-{AfterId}";
        const string PageStock = "/stock/Page";
        await CheckAsync(wholeStock);
        await CheckAsync(PageStock);
        var allocated = await Measure.AllocatedAsync(Runs, () => Measure.DrainAsync(client, page, buffer));
        var medians = await Measure.MediansInTurnAsync(
            Rounds,
            (Runs / Rounds, () => Measure.DrainAsync(client, page, buffer)),
            (Runs / Rounds, () => Measure.DrainAsync(client, "/bytes", buffer)),
            (Runs / Rounds, () => Measure.DrainAsync(client, BenchmarkFeed.PageAfter(NextStart()), buffer)),
            (StockRuns, () => Measure.DrainAsync(client, wholeStock, buffer)),
            (StockRuns, () => Measure.DrainAsync(client, PageStock, buffer)),
            (1, () => FourAsync(server, page)),
            (1, () => FourAsync(server, "/bytes")));
        var (ours, bytes, inTurn, whole, alone) = (medians[0], medians[1], medians[2], medians[3], medians[4]);
        var (four, fourBytes) = (medians[5], medians[6]);

        report.WriteLine($"5,000 rows x 60 columns, {server.Bytes.Length / 1e6:F1} MB, one client, medians:");
        report.WriteLine($"  gateway                          {ours,8:F1} ms   {allocated:N0} bytes allocated a page, the client's among them");
        report.WriteLine($"  gateway, each page once, in turn {inTurn,8:F1} ms");
        report.WriteLine($"  stock OData, 1 M rows in memory  {whole,8:F1} ms   the gateway is {whole / ours:F1} times as fast, in turn {whole / inTurn:F1}");
        report.WriteLine($"  stock OData, 5,001 rows          {alone,8:F1} ms   the gateway is {alone / ours:F1} times as fast, in turn {alone / inTurn:F1}");
        report.WriteLine($"  bytes of an array                {bytes,8:F1} ms   the gateway reaches {bytes / ours:P1} of it, with four clients {fourBytes / four:P1}");

        long NextStart() => last = (last + BenchmarkServer.PageSize) % (InvoiceTable.RowCount - BenchmarkServer.PageSize);

        async Task CheckAsync(string url)
        {
            using var stock = new MemoryStream();
            await Measure.DrainAsync(client, url, buffer, stock);
            Check(server.Bytes, stock.ToArray());
        }
    }

    /// <summary>Four clients read at the same time.</summary>
    private static Task FourAsync(BenchmarkServer server, string url) => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
    {
        const int Pages = 10;
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        for (var i = 0; i < Pages; i++)
            await Measure.DrainAsync(client, url, buffer);
    })));

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
