using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>All 1 M rows over HTTP from nextLink to nextLink, as a loader reads them: rows a second, and how the process grows.</summary>
internal sealed class ReadAllScenario : IScenario
{
    private const string First = $"{BenchmarkFeed.Root}/invoices";
    private const int Pages = InvoiceTable.RowCount / BenchmarkServer.PageSize;

    public string Name => "read-all";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        await using var server = await BenchmarkServer.StartAsync(table);
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        for (var i = 0; i < 5; i++)
            await Measure.DrainAsync(client, First, buffer);

        var before = WorkingSet();
        long half = 0;
        long bytes = 0;
        var start = Stopwatch.GetTimestamp();
        var pages = 0;
        for (string? next = First; next is not null; pages++)
        {
            using var tail = new TailStream();
            bytes += await Measure.DrainAsync(client, next, buffer, tail);
            next = NextLink(tail.Text);
            if (pages == Pages / 2)
                half = WorkingSet();
        }

        if (pages != Pages)
            throw new InvalidOperationException($"{pages} pages instead of {Pages}.");
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.WriteLine($"  {InvoiceTable.RowCount:N0} rows, {bytes / 1e9:F2} GB in {seconds:F1} s: {InvoiceTable.RowCount / seconds:N0} rows/s");
        report.WriteLine($"  working set {before / 1e6:F0} MB before, {(half - before) / 1e6:+0;-0} MB at half, {(WorkingSet() - before) / 1e6:+0;-0} MB at the end");
    }

    private static string? NextLink(string tail)
    {
        const string Name = "\"@odata.nextLink\":\"";
        var start = tail.IndexOf(Name, StringComparison.Ordinal);
        return start < 0 ? null : tail[(start + Name.Length)..tail.LastIndexOf('"')];
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
