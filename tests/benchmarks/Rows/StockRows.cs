using CoupaGateway.OData.Rows;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>Rows of the table as objects in memory, for the stock service.</summary>
internal sealed class StockRows
{
    /// <summary>The whole table.</summary>
    public IReadOnlyList<InvoiceRow> Table { get; set; } = [];

    /// <summary>Only the rows of the page that is measured, and one more, so that there is a next link.</summary>
    public IReadOnlyList<InvoiceRow> Page { get; set; } = [];

    public static async Task<IReadOnlyList<InvoiceRow>> ReadAsync(InvoiceTable table)
    {
        using var engine = new DuckDbQueryEngine(Options.Create(new QueryOptions()), new BenchmarkFeed(table), TimeProvider.System);
        using var rows = await engine.OpenAsync(table.Page(-1, InvoiceTable.RowCount), CancellationToken.None);
        var properties = typeof(InvoiceRow).GetProperties();
        var list = new List<InvoiceRow>(InvoiceTable.RowCount);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.RowCount; row++)
            {
                var entity = new InvoiceRow();
                for (var column = 0; column < properties.Length; column++)
                {
                    var value = rows.Vectors[column].ReadObject(row);
                    properties[column].SetValue(entity, value switch
                    {
                        DateTime instant => new DateTimeOffset(instant),
                        string text => texts.TryGetValue(text, out var known) ? known : Share(texts, text),
                        _ => value,
                    });
                }

                list.Add(entity);
            }
        }

        return list;
    }

    /// <summary>Texts that come again and again are held once, so that the table fits into memory.</summary>
    private static string Share(HashSet<string> texts, string text)
    {
        if (texts.Count < 100_000)
            texts.Add(text);
        return text;
    }
}
