using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>How long one entity by its key takes while four readers read the whole table beside it, and whether the process grows.</summary>
internal sealed class LookupScenario : IScenario
{
    private const int Readers = 4;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(20), Measured = TimeSpan.FromSeconds(15);

    public string Name => "lookups";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkServer.StartAsync(InvoiceTable.Open());
        using var client = new HttpClient { BaseAddress = server.Address };
        using var end = new CancellationTokenSource();
        var pages = 0L;
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(async () =>
        {
            var buffer = new byte[256 * 1024];
            for (var after = (long)reader * InvoiceTable.RowCount / Readers; !end.IsCancellationRequested; after = (after + BenchmarkServer.PageSize) % (InvoiceTable.RowCount - BenchmarkServer.PageSize))
            {
                await Measure.DrainAsync(client, BenchmarkFeed.PageAfter(after), buffer);
                Interlocked.Increment(ref pages);
            }
        })).ToArray();

        var times = new List<double>();
        var small = new byte[64 * 1024];
        var (turn, begin, memory) = (0L, Stopwatch.GetTimestamp(), 0L);
        while (Stopwatch.GetElapsedTime(begin) is var passed && passed < Warm + Measured)
        {
            var start = Stopwatch.GetTimestamp();
            await Measure.DrainAsync(client, $"{BenchmarkFeed.Root}/invoices({turn++ * 7_919L * 131 % InvoiceTable.RowCount})", small);
            if (passed < Warm)
                memory = WorkingSet.Bytes;
            else
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
        times.Sort();
        report.WriteLine($"  {times.Count:N0} lookups beside {Readers} readers ({pages * BenchmarkServer.PageSize / (Warm + Measured).TotalSeconds:N0} rows a second): median {times[times.Count / 2]:F1} ms, p99 {times[times.Count * 99 / 100]:F1} ms, working set {(WorkingSet.Bytes - memory) / 1e6:+0;-0} MB");
    }
}
