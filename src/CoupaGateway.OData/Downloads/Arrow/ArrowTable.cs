using System.Collections.Immutable;
using System.IO.Pipelines;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads.Arrow;

/// <summary>An Arrow IPC stream: the schema, then record batches of a few thousand rows that are built in the same memory again and again.</summary>
internal sealed class ArrowTable(PipeWriter output) : ITableWriter
{
    /// <summary>A batch goes out when it has so many rows …</summary>
    private const int BatchRows = 8 * 1024;

    /// <summary>… or so much text, whichever comes first.</summary>
    private const long BatchText = 8L << 20;

    private readonly BufferedStream _stream = new(output.AsStream(leaveOpen: true), 64 * 1024);
    private ArrowStreamWriter? _writer;
    private Apache.Arrow.Schema? _schema;
    private ImmutableArray<ArrowColumn> _columns;

    public async ValueTask<long> WriteAsync(RowReader rows, CancellationToken cancellationToken)
    {
        ImmutableArray<ColumnVector> vectors = [.. rows.Vectors.Where(static vector => !vector.Column.Hidden)];
        await BeginAsync(vectors, cancellationToken);
        long count = 0;
        while (await rows.NextChunkAsync())
        {
            rows.ReadAhead();
            for (var column = 0; column < vectors.Length; column++)
                _columns[column].Append(vectors[column], rows.RowCount);
            count += rows.RowCount;
            if (_columns[0].Rows >= BatchRows || _columns.Sum(static column => column.TextBytes) >= BatchText)
                await WriteBatchAsync(cancellationToken);
        }

        // The next result may come from other vectors, but the columns are the same: what is left goes out with it, or at the end.
        return count;
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_columns[0].Rows > 0)
            await WriteBatchAsync(cancellationToken);
        await _writer!.WriteEndAsync(cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <summary>Leaves what is buffered unwritten: after a failure nothing more may go out.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask BeginAsync(ImmutableArray<ColumnVector> vectors, CancellationToken cancellationToken)
    {
        if (_writer is not null)
            return;
        _columns = [.. vectors.Select(ArrowColumn.Create)];
        _schema = new Apache.Arrow.Schema(_columns.Select(static column => column.Field), metadata: null);
        _writer = new ArrowStreamWriter(_stream, _schema, leaveOpen: true);
        await _writer.WriteStartAsync(cancellationToken);
    }

    private async ValueTask WriteBatchAsync(CancellationToken cancellationToken)
    {
        var rows = _columns[0].Rows;
        using (var batch = new RecordBatch(_schema!, _columns.Select(static column => column.Build()), rows))
            await _writer!.WriteRecordBatchAsync(batch, cancellationToken);
        foreach (var column in _columns)
            column.Clear();
    }
}
