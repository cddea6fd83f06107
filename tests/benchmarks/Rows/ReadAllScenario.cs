using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>All 1 M rows by keyset pages over HTTP, as a loader reads them: rows a second, and how the process grows.</summary>
internal sealed class ReadAllScenario : IScenario
{
    private const int Pages = InvoiceTable.RowCount / BenchmarkServer.PageSize;

    public string Name => "read-all";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        await using var server = await BenchmarkServer.StartAsync(table, []);
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        for (var i = 0; i < 5; i++)
            await Measure.DrainAsync(client, "/page?after=0", buffer);

        var before = WorkingSet();
        long half = 0;
        long bytes = 0;
        var start = Stopwatch.GetTimestamp();
        for (var page = 0; page < Pages; page++)
        {
            bytes += await Measure.DrainAsync(client, $"/page?after={((long)page * BenchmarkServer.PageSize) - 1}", buffer);
            if (page == Pages / 2)
                half = WorkingSet();
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.WriteLine($"  {InvoiceTable.RowCount:N0} rows, {bytes / 1e9:F2} GB in {seconds:F1} s: {InvoiceTable.RowCount / seconds:N0} rows/s");
        report.WriteLine($"  working set {before / 1e6:F0} MB before, {(half - before) / 1e6:+0;-0} MB at half, {(WorkingSet() - before) / 1e6:+0;-0} MB at the end");
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
