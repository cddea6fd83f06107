using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>
/// All 1 M rows through nextLink over HTTP, as a loader reads them, several times over in one process: rows a second, and whether the process grows with
/// the number of pages.
/// </summary>
internal sealed partial class ReadAllScenario : IScenario
{
    private const string FirstPage = "/page?after=-1";
    private const int Readings = 4;

    // Longer than the end of a page, which holds the link.
    private const int TailBytes = 2_048;

    public string Name => "read-all";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        await using var server = await BenchmarkServer.StartAsync(table, []);
        using var client = new HttpClient { BaseAddress = server.Address };
        var buffer = new byte[256 * 1024];
        for (var i = 0; i < 5; i++)
            await ReadPageAsync(client, FirstPage, buffer, cancellationToken);

        var before = WorkingSet();
        await report.WriteLineAsync($"  working set {before / 1e6:F0} MB after 5 pages");
        for (var reading = 1; reading <= Readings; reading++)
        {
            var start = Stopwatch.GetTimestamp();
            var (pages, bytes) = (0, 0L);
            for (string? url = FirstPage; url is not null; pages++)
            {
                var page = await ReadPageAsync(client, url, buffer, cancellationToken);
                bytes += page.Bytes;
                url = page.Next;
            }

            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await report.WriteLineAsync(
                $"  reading {reading}: {pages} pages, {bytes / 1e9:F2} GB in {seconds:F1} s, {InvoiceTable.RowCount / seconds:N0} rows/s, working set {(WorkingSet() - before) / 1e6:+0;-0} MB");
        }
    }

    /// <summary>Reads a page to its end and finds the link to the next one.</summary>
    private static async Task<(string? Next, long Bytes)> ReadPageAsync(HttpClient client, string url, byte[] buffer, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (total, kept) = (0L, 0);
        int read;
        while ((read = await body.ReadAsync(buffer.AsMemory(kept), cancellationToken)) > 0)
        {
            total += read;
            kept += read;
            if (kept > buffer.Length / 2)
            {
                buffer.AsSpan(kept - TailBytes, TailBytes).CopyTo(buffer);
                kept = TailBytes;
            }
        }

        var link = NextLink().Match(System.Text.Encoding.UTF8.GetString(buffer, 0, kept));
        return (link.Success ? link.Groups["url"].Value : null, total);
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [GeneratedRegex("\"@odata.nextLink\":\"(?<url>[^\"]+)\"}\\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NextLink();
}
