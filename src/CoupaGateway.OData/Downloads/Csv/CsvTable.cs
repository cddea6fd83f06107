using System.IO.Pipelines;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads.Csv;

/// <summary>A header row, then one line for each row, as RFC 4180 has it.</summary>
internal sealed class CsvTable(PipeWriter output) : ITableWriter
{
    private bool _begun;

    public async ValueTask<long> WriteAsync(RowReader rows, CancellationToken cancellationToken)
    {
        var writer = new CsvRowWriter(rows.Vectors);
        if (!_begun)
            writer.WriteHeader(output);
        _begun = true;
        long count = 0;
        while (await rows.NextChunkAsync())
        {
            rows.ReadAhead();
            for (var row = 0; row < rows.RowCount;)
            {
                row = writer.Write(output, row, rows.RowCount);
                await output.FlushOrStopAsync(cancellationToken);
            }

            count += rows.RowCount;
        }

        return count;
    }

    public ValueTask EndAsync(CancellationToken cancellationToken) => output.FlushOrStopAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
