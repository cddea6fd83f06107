using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>
/// All 1 M rows over HTTP from nextLink to nextLink, as a loader reads them, several times over in one process: rows a second, and whether the process
/// grows with the number of pages.
/// </summary>
internal sealed class ReadAllScenario : IScenario
{
    private const string First = $"{BenchmarkFeed.Root}/invoices";
    private const int Pages = InvoiceTable.RowCount / BenchmarkServer.PageSize;
    private const int Readings = 4;

    public string Name => "read-all";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        await using var server = await BenchmarkServer.StartAsync(table);
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        for (var i = 0; i < 5; i++)
            await Measure.DrainAsync(client, First, buffer);

        var before = WorkingSet.Bytes;
        await report.WriteLineAsync($"  working set {before / 1e6:F0} MB after 5 pages");
        for (var reading = 1; reading <= Readings; reading++)
        {
            var start = Stopwatch.GetTimestamp();
            var (pages, bytes) = (0, 0L);
            for (string? next = First; next is not null; pages++)
            {
                using var tail = new TailStream();
                bytes += await Measure.DrainAsync(client, next, buffer, tail);
                next = NextLink(tail.Text);
            }

            if (pages != Pages)
                throw new InvalidOperationException($"{pages} pages instead of {Pages}.");
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await report.WriteLineAsync(
                $"  reading {reading}: {bytes / 1e9:F2} GB in {seconds:F1} s, {InvoiceTable.RowCount / seconds:N0} rows/s, working set {(WorkingSet.Bytes - before) / 1e6:+0;-0} MB");
        }
    }

    private static string? NextLink(string tail)
    {
        const string Property = "\"@odata.nextLink\":\"";
        var start = tail.IndexOf(Property, StringComparison.Ordinal);
        return start < 0 ? null : tail[(start + Property.Length)..tail.LastIndexOf('"')];
    }
}
