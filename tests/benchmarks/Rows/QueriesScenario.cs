using System.IO.Pipelines;
using CoupaGateway.OData.Rows;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>What a person waits for: a filter over 1 M rows that matches few, the top 10 by a column, one entity by its key.</summary>
internal sealed class QueriesScenario : IScenario
{
    public string Name => "queries";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var table = InvoiceTable.Open();
        using var engine = new DuckDbQueryEngine(Options.Create(new QueryOptions()), table, TimeProvider.System);
        var columns = string.Join(", ", table.Columns.Select(static column => column.Name));
        (string Title, string From, string Clauses, object? Parameter)[] queries =
        [
            ("contains, few of 1 M rows", table.From(), "WHERE contains(description, $1)", "project 4711, see order 29"),
            ("top 10 of 1 M rows", table.From(), "WHERE gross_total >= $1 ORDER BY gross_total DESC, id LIMIT 10", 0m),
            ("entity by key", table.From(654_321, 654_321), "WHERE id = $1", 654_321L),
        ];
        foreach (var (title, from, clauses, parameter) in queries)
        {
            var query = new RowQuery { Sql = $"SELECT {columns} FROM {from} {clauses}", Parameters = [parameter], Columns = table.Columns };
            long count = 0;
            var median = await Measure.MedianAsync(30, async () =>
            {
                using var rows = await engine.OpenAsync(query, cancellationToken);
                count = (await new JsonRowsWriter().WriteAsync(rows, PipeWriter.Create(Stream.Null), new JsonRowFormat(), 5_000, [], cancellationToken)).Count;
            });
            report.WriteLine($"  {title,-28}{median,8:F1} ms, {count} rows");
        }
    }
}
