using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>A whole table of 1 M rows and 60 columns over HTTP in each format that is no JSON, the rows a second, and what the process grows by; and a sorted one.</summary>
internal sealed class DownloadScenario : IScenario
{
    public string Name => "download";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkServer.StartAsync(InvoiceTable.Open());
        using var client = new HttpClient { BaseAddress = server.Address };
        (string Title, string Query, int Rows)[] downloads =
        [
            ("parquet", "$format=parquet", InvoiceTable.RowCount),
            ("parquet, 8 columns", "$format=parquet&$select=id,status,currency_code,supplier_id,gross_total,created_at,_changed_at,paid", InvoiceTable.RowCount),
            ("parquet, filtered", "$format=parquet&$filter=gross_total ge 0", InvoiceTable.RowCount),
            ("arrow", "$format=arrow", InvoiceTable.RowCount),
            ("csv", "$format=csv", InvoiceTable.RowCount),
        ];
        foreach (var (title, query, rows) in downloads)
        {
            var url = $"{BenchmarkFeed.Root}/invoices?{query}";
            await ReadAsync(client, $"{url}&$top=20000");
            var before = WorkingSet.Bytes;
            var best = double.MaxValue;
            var (bytes, peak) = (0L, 0L);
            for (var reading = 0; reading < 3; reading++)
            {
                var start = Stopwatch.GetTimestamp();
                (bytes, var high) = await ReadAsync(client, url);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
                peak = Math.Max(peak, high);
            }

            await report.WriteLineAsync($"  {title,-20}{rows / best,12:N0} rows/s, {best:F2} s, {bytes / 1e6:N0} MB, working set {(peak - before) / 1e6:+0;-0} MB at most");
        }
    }

    private static async Task<(long Bytes, long Peak)> ReadAsync(HttpClient client, string url)
    {
        var buffer = new byte[256 * 1024];
        using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var (total, peak, looked) = (0L, 0L, 0L);
        for (int read; (read = await body.ReadAsync(buffer)) > 0; total += read)
        {
            if (total - looked < LookEvery)
                continue;
            looked = total;
            peak = Math.Max(peak, WorkingSet.Bytes);
        }

        return (total, peak);
    }

    /// <summary>Bytes between two looks at the working set.</summary>
    private const long LookEvery = 16L << 20;
}
