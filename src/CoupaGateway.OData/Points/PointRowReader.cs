using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CoupaGateway.OData.Rows;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Points;

/// <summary>One row, or none, in memory as DuckDB would have it: whoever reads the vectors cannot tell the difference.</summary>
internal sealed unsafe class PointRowReader : RowReader
{
    private const int Slot = 16;

    private byte* _memory;
    private int _chunk;

    /// <summary>A result without rows.</summary>
    public PointRowReader(ImmutableArray<RowColumn> columns)
    {
        Columns = columns;
        Vectors = [.. columns.Select(static column => new ColumnVector(column, PhysicalType(column.Kind), scale: 0))];
    }

    /// <param name="columns">Each is one of the chunk's, by its name.</param>
    public PointRowReader(ImmutableArray<RowColumn> columns, PointChunk chunk, int row)
    {
        Columns = columns;
        var (block, start) = chunk.Read(row);
        var places = Places(chunk, block, start, out var length);
        var vectors = ImmutableArray.CreateBuilder<ColumnVector>(columns.Length);

        // Slots and validity bits of the columns, then the row's own bytes, which long texts point to.
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)((columns.Length * (Slot + 8)) + length), Slot);
        var validity = _memory + (columns.Length * Slot);
        var bytes = validity + (columns.Length * 8);
        block.AsSpan(start, length).CopyTo(new(bytes, length));
        for (var index = 0; index < columns.Length; index++)
        {
            var at = chunk.Index[columns[index].Name];
            var column = chunk.Columns[at];
            var data = _memory + (index * Slot);
            var valid = (ulong*)(validity + (index * 8));
            *valid = places[at] < 0 ? 0u : 1u;
            if (places[at] >= 0)
                Fill(data, bytes + places[at] - start, column);
            vectors.Add(new(columns[index], column.PhysicalType, column.Scale));
            vectors[index].Bind(data, valid);
        }

        Vectors = vectors.MoveToImmutable();
        HasRow = true;
    }

    public bool HasRow { get; }

    public override ImmutableArray<RowColumn> Columns { get; }

    public override ImmutableArray<ColumnVector> Vectors { get; }

    /// <summary>The row is in the first chunk; there is no other.</summary>
    public override int RowCount => HasRow && _chunk == 1 ? 1 : 0;

    public override bool NextChunk()
    {
        _chunk++;
        return RowCount > 0;
    }

    public override ValueTask<bool> NextChunkAsync() => ValueTask.FromResult(NextChunk());

    public override void ReadAhead()
    {
        // There is one row.
    }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    /// <summary>Where the values of a row stand in its block, negative for null.</summary>
    private static int[] Places(PointChunk chunk, byte[] block, int start, out int length)
    {
        var place = start;
        var places = new int[chunk.Columns.Length];
        for (var index = 0; index < places.Length; index++)
        {
            var isNull = block[place++] == 0;
            places[index] = isNull ? -1 : place;
            if (!isNull)
                place += chunk.Columns[index].Width is > 0 and var width ? width : 4 + BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(place));
        }

        length = place - start;
        return places;
    }

    private static DuckDBType PhysicalType(RowValueKind kind) => kind switch
    {
        RowValueKind.String => DuckDBType.Varchar,
        RowValueKind.Decimal => DuckDBType.HugeInt,
        RowValueKind.Boolean => DuckDBType.Boolean,
        RowValueKind.DateTime => DuckDBType.Timestamp,
        RowValueKind.Date => DuckDBType.Date,
        RowValueKind.Double => DuckDBType.Double,
        _ => DuckDBType.BigInt,
    };

    private static void Fill(byte* data, byte* value, PointColumn column)
    {
        if (column.Width > 0)
        {
            Buffer.MemoryCopy(value, data, Slot, column.Width);
            return;
        }

        // duckdb_string_t, see ColumnVector.
        var length = BinaryPrimitives.ReadInt32LittleEndian(new(value, 4));
        *(int*)data = length;
        if (length <= ColumnVector.InlineLength)
            Buffer.MemoryCopy(value + 4, data + 4, ColumnVector.InlineLength, length);
        else
            *(byte**)(data + 8) = value + 4;
    }
}
