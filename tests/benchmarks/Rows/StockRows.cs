using CoupaGateway.OData.Rows;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>Rows of the table as objects, for the stock service.</summary>
internal static class StockRows
{
    public static async Task<IReadOnlyList<InvoiceRow>> ReadAsync(InvoiceTable table, long afterId, int count)
    {
        using var engine = new DuckDbQueryEngine(Options.Create(new QueryOptions()), table, TimeProvider.System);
        using var rows = await engine.OpenAsync(table.Page(afterId, count - 1), CancellationToken.None);
        var properties = typeof(InvoiceRow).GetProperties();
        var list = new List<InvoiceRow>(count);
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.RowCount; row++)
            {
                var entity = new InvoiceRow();
                for (var column = 0; column < properties.Length; column++)
                {
                    var value = rows.Vectors[column].ReadObject(row);
                    properties[column].SetValue(entity, value is DateTime instant ? new DateTimeOffset(instant) : value);
                }

                list.Add(entity);
            }
        }

        return list;
    }
}
