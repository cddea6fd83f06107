using System.Collections.Immutable;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Points;

/// <summary>
/// Rows of a <see cref="PointChunk"/> that are compressed together, column by column, so that what is alike is near: one byte for each row, 1 for a value and 0 for null; then the values, or the lengths
/// of the texts, in planes (the first bytes of all rows, then the second ones, ...); then the texts in UTF-8.
/// </summary>
/// <param name="bytes">The block, not compressed.</param>
/// <param name="rows">Rows in it.</param>
internal readonly struct PointBlock(byte[] bytes, int rows)
{
    /// <summary>Bytes of a text's length.</summary>
    private const int LengthWidth = sizeof(int);

    public byte[] Bytes => bytes;

    public int Rows => rows;

    /// <summary>Finds the values of a row.</summary>
    /// <param name="places">For each column, where the first plane has the row's byte, or where its text begins; negative for null.</param>
    /// <param name="lengths">For each column, bytes of its text.</param>
    public void Locate(ImmutableArray<PointColumn> columns, int row, Span<int> places, Span<int> lengths)
    {
        var at = 0;
        for (var index = 0; index < columns.Length; index++)
        {
            var isNull = bytes[at + row] == 0;
            at += rows;
            var width = columns[index].Width;
            if (width > 0)
            {
                places[index] = isNull ? -1 : at + row;
                at += width * rows;
                continue;
            }

            var (before, all) = (0, 0);
            for (var other = 0; other < rows; other++)
            {
                if (other == row)
                    before = all;
                all += Length(at + other);
            }

            lengths[index] = Length(at + row);
            at += LengthWidth * rows;
            places[index] = isNull ? -1 : at + before;
            at += all;
        }
    }

    /// <summary>Puts together the bytes of a value that <see cref="Locate"/> found.</summary>
    public unsafe void Read(int place, int width, byte* value)
    {
        for (var plane = 0; plane < width; plane++)
            value[plane] = bytes[place + (plane * rows)];
    }

    /// <summary>Writes the rows from one to before another of the chunk that the vectors are at.</summary>
    /// <param name="block">Of the length that <see cref="Size"/> gives for them together.</param>
    public static unsafe void Write(Span<byte> block, ImmutableArray<ColumnVector> vectors, ImmutableArray<PointColumn> columns, int from, int to)
    {
        var at = 0;
        for (var index = 0; index < vectors.Length; index++)
        {
            var vector = vectors[index];
            for (var row = from; row < to; row++)
                block[at++] = vector.IsNull(row) ? (byte)0 : (byte)1;

            // A text begins with its length in DuckDB's memory, too.
            var isText = columns[index].Width == 0;
            var width = isText ? LengthWidth : columns[index].Width;
            var stride = ColumnVector.Width(vector.PhysicalType);
            for (var plane = 0; plane < width; plane++)
            {
                for (var row = from; row < to; row++)
                    block[at++] = vector.IsNull(row) ? (byte)0 : vector.Data[((long)row * stride) + plane];
            }

            for (var row = from; isText && row < to; row++)
            {
                if (vector.IsNull(row))
                    continue;
                var text = vector.ReadString(row, out var length);
                new ReadOnlySpan<byte>(text, length).CopyTo(block[at..]);
                at += length;
            }
        }
    }

    /// <summary>Bytes of a row in a block.</summary>
    public static unsafe int Size(ImmutableArray<ColumnVector> vectors, ImmutableArray<PointColumn> columns, int row)
    {
        var size = 0;
        for (var index = 0; index < vectors.Length; index++)
        {
            size += 1 + (columns[index].Width is > 0 and var width ? width : LengthWidth);
            if (columns[index].Width > 0 || vectors[index].IsNull(row))
                continue;
            _ = vectors[index].ReadString(row, out var length);
            size = checked(size + length);
        }

        return size;
    }

    private int Length(int at) => bytes[at] | (bytes[at + rows] << 8) | (bytes[at + (2 * rows)] << 16) | (bytes[at + (3 * rows)] << 24);
}
