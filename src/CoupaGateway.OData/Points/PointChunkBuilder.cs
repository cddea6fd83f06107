using System.Collections.Immutable;
using System.IO.Compression;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Points;

/// <summary>Makes a <see cref="PointChunk"/> of the rows of a chunk, block by block: never more than one is in memory uncompressed.</summary>
internal sealed class PointChunkBuilder : IDisposable
{
    /// <summary>A block ends after the row with which it has so many bytes, little enough to be decompressed for one row, and with DuckDB's data chunk.</summary>
    private const int BlockBytes = 32 * 1024;

    private readonly ImmutableArray<ColumnVector> _vectors;
    private readonly ImmutableArray<PointColumn> _columns;
    private readonly ImmutableArray<int> _key;
    private readonly List<long>[] _keys;
    private readonly List<byte[]> _blocks = [];
    private readonly List<int> _firsts = [];
    private readonly List<int> _sizes = [];
    private readonly MemoryStream _compressed = new(BlockBytes);
    private byte[] _block = new byte[BlockBytes * 2];
    private long _bytes;

    /// <param name="key">Where the key columns stand in the result.</param>
    public PointChunkBuilder(RowReader rows, ImmutableArray<int> key)
    {
        _vectors = rows.Vectors;
        _columns = [.. rows.Vectors.Select(static vector => new PointColumn(vector.Column.Name, vector.PhysicalType, vector.Scale))];
        _key = key;
        _keys = [.. key.Select(static _ => new List<long>())];
    }

    /// <param name="limit">Most bytes.</param>
    /// <returns>Null where the rows are not in the order of their keys, or need more memory than allowed.</returns>
    public static async ValueTask<PointChunk?> BuildAsync(RowReader rows, ImmutableArray<int> key, long limit, CancellationToken cancellationToken)
    {
        using var builder = new PointChunkBuilder(rows, key);
        while (await rows.NextChunkAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = 0;
            for (var (row, bytes) = (0, 0); row < rows.RowCount; row++)
            {
                if (!builder.TryAddKey(row))
                    return null;
                bytes = checked(bytes + PointBlock.Size(builder._vectors, builder._columns, row));
                if (bytes < BlockBytes && row + 1 < rows.RowCount)
                    continue;
                builder.AddBlock(from, row + 1, bytes);
                if (builder._bytes > limit)
                    return null;
                (from, bytes) = (row + 1, 0);
            }
        }

        return builder.End();
    }

    public void Dispose() => _compressed.Dispose();

    /// <summary>False where the row does not come after the one before.</summary>
    private bool TryAddKey(int row)
    {
        var isFirst = _keys[0].Count == 0;
        var isAfter = isFirst;
        for (var part = 0; part < _key.Length; part++)
        {
            var value = _vectors[_key[part]].ReadInteger(row);
            if (!isAfter && value < _keys[part][^1])
                return false;
            isAfter |= !isFirst && value > _keys[part][^1];
            _keys[part].Add(value);
        }

        return isAfter;
    }

    private void AddBlock(int from, int to, int bytes)
    {
        if (_block.Length < bytes)
            _block = new byte[bytes];
        PointBlock.Write(_block, _vectors, _columns, from, to);
        _compressed.SetLength(0);
        using (var stream = new DeflateStream(_compressed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(_block, 0, bytes);
        _firsts.Add(_keys[0].Count - (to - from));
        _blocks.Add(_compressed.ToArray());
        _sizes.Add(bytes);
        _bytes += _compressed.Length + ((to - from) * 8L * _key.Length);
    }

    private PointChunk End() => new(_columns, [.. _keys.Select(static part => part.ToArray())], [.. _blocks], [.. _firsts], [.. _sizes]);
}
