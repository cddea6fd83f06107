using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;

namespace CoupaGateway.OData.Downloads;

/// <summary>A download whose rows are written from vectors, while DuckDB reads on.</summary>
internal sealed class RowDownload(TableSource source, IQueryEngine engine, ITableWriter writer) : IDownload
{
    private OpenTables? _tables;
    private RowReader? _rows;

    public async ValueTask OpenAsync(DownloadPart part, bool isFirst, CancellationToken cancellationToken)
    {
        _tables = await source.OpenAsync(part.Snapshot, part.Chunks, part.Related, cancellationToken);
        _rows = await engine.OpenAsync(part.ToQuery(_tables) with { IsContinuation = !isFirst, IsOneOff = true }, cancellationToken);
    }

    public async ValueTask<long> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync(_rows!, cancellationToken);
        }
        finally
        {
            Close();
        }
    }

    public ValueTask EndAsync(CancellationToken cancellationToken) => writer.EndAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        Close();
        return writer.DisposeAsync();
    }

    private void Close()
    {
        _rows?.Dispose();
        _tables?.Dispose();
        (_rows, _tables) = (null, null);
    }
}
