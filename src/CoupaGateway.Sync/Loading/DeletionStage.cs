using System.Collections.Immutable;
using System.Text;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

/// <summary>Stages the rows that a run finds to be gone, to be numbered at the commit.</summary>
internal sealed class DeletionStage(ISnapshotStore store, IChunkWriter writer, TableId table) : IDisposable
{
    private const int KeyColumn = 0, TableColumn = 1, ValuesColumn = 2;

    private readonly RowBuffer _rows = new(SystemTables.DeletedRecords);
    private readonly List<ChunkInfo> _staged = [];
    private long _next;

    public async Task AddAsync(string name, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            var row = _rows.AddRow();
            _rows.SetInt64(KeyColumn, row, _next++);
            _rows.SetText(TableColumn, row, Encoding.UTF8.GetBytes(name));
            _rows.SetText(ValuesColumn, row, Encoding.UTF8.GetBytes(key));
        }

        if (_rows.Rows >= writer.RowsPerChunk)
            await FlushAsync(cancellationToken);
    }

    public async Task<ImmutableArray<ChunkInfo>> FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return [.. _staged];
    }

    public void Dispose() => _rows.Dispose();

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows.Rows == 0)
            return;

        _staged.AddRange(await store.UploadAllAsync(table, writer.Write(_rows, cancellationToken), cancellationToken));
        _rows.Clear();
    }
}
