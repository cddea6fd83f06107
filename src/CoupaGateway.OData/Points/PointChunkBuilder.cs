using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Points;

/// <summary>Makes a <see cref="PointChunk"/> of the rows of a chunk, block by block: never more than one is in memory uncompressed.</summary>
internal sealed class PointChunkBuilder : IDisposable
{
    /// <summary>A block ends after the row with which it has so many bytes: little enough to be decompressed for one row.</summary>
    private const int BlockBytes = 32 * 1024;

    private readonly ImmutableArray<ColumnVector> _vectors;
    private readonly ImmutableArray<PointColumn> _columns;
    private readonly ImmutableArray<int> _key;
    private readonly List<long>[] _keys;
    private readonly List<byte[]> _blocks = [];
    private readonly List<int> _firsts = [0];
    private readonly List<int> _sizes = [];
    private readonly List<int> _starts = [];
    private readonly MemoryStream _block = new(BlockBytes * 2);
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
            for (var row = 0; row < rows.RowCount; row++)
            {
                if (!builder.TryAdd(row) || builder._bytes > limit)
                    return null;
            }
        }

        return builder.End();
    }

    public void Dispose() => _block.Dispose();

    private bool TryAdd(int row)
    {
        if (!TryAddKey(row))
            return false;

        _starts.Add((int)_block.Length);
        _bytes += (8 * _key.Length) + 4;
        for (var index = 0; index < _vectors.Length; index++)
            Write(_vectors[index], _columns[index], row);
        if (_block.Length >= BlockBytes)
        {
            EndBlock();
            _firsts.Add(_starts.Count);
        }

        return true;
    }

    /// <summary>False where the row does not come after the one before.</summary>
    private bool TryAddKey(int row)
    {
        var isAfter = _starts.Count == 0;
        for (var part = 0; part < _key.Length; part++)
        {
            var value = _vectors[_key[part]].ReadInteger(row);
            if (!isAfter && value < _keys[part][^1])
                return false;
            isAfter |= _starts.Count > 0 && value > _keys[part][^1];
            _keys[part].Add(value);
        }

        return isAfter;
    }

    private unsafe void Write(ColumnVector vector, PointColumn column, int row)
    {
        if (vector.IsNull(row))
        {
            _block.WriteByte(0);
            return;
        }

        _block.WriteByte(1);
        if (column.Width > 0)
        {
            _block.Write(new ReadOnlySpan<byte>(vector.Data + ((long)row * column.Width), column.Width));
            return;
        }

        var text = vector.ReadString(row, out var length);
        Span<byte> prefix = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, length);
        _block.Write(prefix);
        _block.Write(new ReadOnlySpan<byte>(text, length));
    }

    private void EndBlock()
    {
        using var compressed = new MemoryStream();
        using (var stream = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(_block.GetBuffer().AsSpan(0, (int)_block.Length));
        _blocks.Add(compressed.ToArray());
        _sizes.Add((int)_block.Length);
        _bytes += compressed.Length;
        _block.SetLength(0);
    }

    private PointChunk End()
    {
        if (_block.Length > 0)
            EndBlock();
        else if (_firsts.Count > _blocks.Count)
            _firsts.RemoveAt(_firsts.Count - 1);
        return new(_columns, [.. _keys.Select(static part => part.ToArray())], [.. _blocks], [.. _firsts], [.. _sizes], [.. _starts]);
    }
}
