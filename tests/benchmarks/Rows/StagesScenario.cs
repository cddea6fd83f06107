using System.IO.Pipelines;
using CoupaGateway.OData.Rows;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>
/// Where a page's time goes: the query alone, the query with the writer but without a network, and the writer alone, with rows that are there: in the processor's cache, or only in memory, as those of a page are.
/// </summary>
internal sealed class StagesScenario : IScenario
{
    /// <summary>More bytes than any processor's cache has.</summary>
    private const int CacheSize = 256 * 1024 * 1024;

    public string Name => "stages";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        using var engine = new DuckDbQueryEngine(Options.Create(new QueryOptions()), new BenchmarkFeed(table), TimeProvider.System);
        var query = table.Page(500_000, BenchmarkServer.PageSize);

        report.WriteLine($"  open                {await Measure.MedianAsync(100, async () => (await engine.OpenAsync(query, cancellationToken)).Dispose()),8:F2} ms");
        report.WriteLine($"  open and fetch      {await Measure.MedianAsync(100, () => WriteAsync(engine, query, null, cancellationToken)),8:F2} ms");

        const int Runs = 100;
        Task Write() => WriteAsync(engine, query, new JsonRowsWriter(), cancellationToken);
        report.WriteLine($"  open, fetch, write  {await Measure.MedianAsync(Runs, Write),8:F2} ms");
        report.WriteLine($"  allocated           {await Measure.AllocatedAsync(Runs, Write),8} bytes a page");

        using var rows = await engine.OpenAsync(query, cancellationToken);
        rows.NextChunk();
        async Task WriteAloneAsync(string where, int times, Action? before = null)
        {
            Task Write() => new JsonRowsWriter().WriteAsync(
                new RepeatedRows(rows, times), PipeWriter.Create(Stream.Null), new JsonRowFormat(), (long)rows.RowCount * times, [], cancellationToken);
            var alone = await Measure.MedianAsync(Runs, Write, before);
            report.WriteLine($"  {$"write, rows {where}",-18}{alone * BenchmarkServer.PageSize / (rows.RowCount * times),8:F2} ms a page");
        }

        await WriteAloneAsync("cached", times: 10);
        var other = new byte[CacheSize];
        await WriteAloneAsync("cold", times: 1, before: () => other.AsSpan().Fill((byte)Environment.TickCount));
    }

    private static async Task WriteAsync(DuckDbQueryEngine engine, RowQuery query, JsonRowsWriter? writer, CancellationToken cancellationToken)
    {
        using var rows = await engine.OpenAsync(query, cancellationToken);
        if (writer is null)
        {
            while (rows.NextChunk())
            {
            }

            return;
        }

        await writer.WriteAsync(rows, PipeWriter.Create(Stream.Null), new JsonRowFormat(), BenchmarkServer.PageSize, [0], cancellationToken);
    }
}
