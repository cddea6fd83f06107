using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CoupaGateway.OData.Rows;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Points;

/// <summary>One row, or none, in memory as DuckDB would have it: whoever reads the vectors cannot tell the difference.</summary>
internal sealed unsafe class PointRowReader : RowReader
{
    private const int Slot = ColumnVector.StringWidth;

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
        var (block, number) = chunk.Read(row);
        var (places, lengths) = (new int[chunk.Columns.Length], new int[chunk.Columns.Length]);
        block.Locate(chunk.Columns, number, places, lengths);
        var vectors = ImmutableArray.CreateBuilder<ColumnVector>(columns.Length);

        // Slots and validity bits of the columns, then the texts that slots point to.
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)((columns.Length * (Slot + 8)) + lengths.Sum()), Slot);
        var validity = _memory + (columns.Length * Slot);
        var text = validity + (columns.Length * 8);
        for (var index = 0; index < columns.Length; index++)
        {
            var at = chunk.Index[columns[index].Name];
            var column = chunk.Columns[at];
            var data = _memory + (index * Slot);
            var valid = (ulong*)(validity + (index * 8));
            *valid = places[at] < 0 ? 0u : 1u;
            if (places[at] >= 0 && column.Width > 0)
                block.Read(places[at], column.Width, data);
            else if (places[at] >= 0)
                text += Fill(data, block.Bytes.AsSpan(places[at], lengths[at]), text);
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

    /// <summary>Makes a <c>duckdb_string_t</c>, see <see cref="ColumnVector.ReadString"/>.</summary>
    /// <param name="room">For a text that does not fit into the slot.</param>
    /// <returns>Bytes of the room that are used.</returns>
    private static int Fill(byte* slot, ReadOnlySpan<byte> text, byte* room)
    {
        *(int*)slot = text.Length;
        if (text.Length <= ColumnVector.InlineLength)
        {
            text.CopyTo(new(slot + sizeof(int), ColumnVector.InlineLength));
            return 0;
        }

        text.CopyTo(new(room, text.Length));
        *(byte**)(slot + 8) = room;
        return text.Length;
    }
}
