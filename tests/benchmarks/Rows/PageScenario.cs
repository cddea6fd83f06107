using System.Text.Json;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>A page of 5,000 rows × 60 columns, one client, uncompressed: against stock ASP.NET Core OData and against the same bytes from an array.</summary>
internal sealed class PageScenario : IScenario
{
    private const long AfterId = 500_000;

    public string Name => "page";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        await using var server = await BenchmarkServer.StartAsync(table, await StockRows.ReadAsync(table, AfterId, BenchmarkServer.PageSize + 1));
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        var page = $"/page?after={AfterId}";

        using var copy = new MemoryStream();
        await Measure.DrainAsync(client, page, buffer, copy);
        server.Bytes = copy.ToArray();
        using var stock = new MemoryStream();
        await Measure.DrainAsync(client, "/stock/Invoices", buffer, stock);
        Check(server.Bytes, stock.ToArray());

        var ours = await Measure.MedianAsync(60, () => Measure.DrainAsync(client, page, buffer));
        var theirs = await Measure.MedianAsync(9, () => Measure.DrainAsync(client, "/stock/Invoices", buffer), warmUps: 2);
        var bytes = await Measure.MedianAsync(100, () => Measure.DrainAsync(client, "/bytes", buffer));

        report.WriteLine($"5,000 rows x 60 columns, {server.Bytes.Length / 1e6:F1} MB, one client, medians:");
        report.WriteLine($"  gateway            {ours,8:F1} ms");
        report.WriteLine($"  stock OData        {theirs,8:F1} ms   the gateway is {theirs / ours:F1} times as fast");
        report.WriteLine($"  bytes of an array  {bytes,8:F1} ms   the gateway reaches {bytes / ours:P1} of it");
        report.WriteLine($"  four clients: the gateway reaches {await FourAsync(server, "/bytes") / await FourAsync(server, page):P1} of the array");
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

    /// <summary>A race is fair only between equals: both sent the same ids and as many properties.</summary>
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
