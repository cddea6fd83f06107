using System.Collections.Immutable;
using System.IO.Pipelines;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>
/// A Parquet file: chunks that are wanted whole go out as they are stored, without being decoded; other rows are written by DuckDB into a short-lived
/// file, part by part. See <c>docs/decisions/0010-downloads.md</c>.
/// </summary>
internal sealed class ParquetDownload(TableSource source, IParquetExporter exporter, PipeWriter output) : IDownload
{
    private ParquetStitcher? _stitcher;
    private Stream? _spool;
    private IDisposable? _held;
    private ImmutableArray<string> _paths = [];

    public async ValueTask OpenAsync(DownloadPart part, bool isFirst, CancellationToken cancellationToken)
    {
        _spool ??= exporter.OpenSpool();
        _stitcher ??= new(output, part.Names, _spool);
        var tables = await source.OpenAsync(part.Snapshot, part.Chunks, part.Related, cancellationToken);
        if (part.IsStored)
        {
            (_held, _paths) = (tables, tables.Paths);
            return;
        }

        using (tables)
        {
            var query = part.ToQuery(tables) with { IsContinuation = !isFirst, IsOneOff = true };
            var file = await exporter.ExportAsync(query, cancellationToken);
            (_held, _paths) = (file, [file.Path]);
        }
    }

    public async ValueTask<long> WriteAsync(CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var path in _paths)
            rows += await _stitcher!.AppendAsync(path, cancellationToken);
        Close();
        return rows;
    }

    public ValueTask EndAsync(CancellationToken cancellationToken) => _stitcher!.EndAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Close();
        if (_spool is not null)
            await _spool.DisposeAsync();
    }

    private void Close()
    {
        _held?.Dispose();
        (_held, _paths) = (null, []);
    }
}
