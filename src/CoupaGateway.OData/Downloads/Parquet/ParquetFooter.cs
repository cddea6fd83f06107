using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>The metadata of a flat Parquet file: no groups of columns, no lists.</summary>
/// <param name="Root">The schema's first element.</param>
/// <param name="Columns">The schema's other elements, one for each column.</param>
internal sealed record ParquetFooter(ThriftStruct File, ThriftStruct Root, ImmutableArray<ThriftStruct> Columns)
{
    /// <summary>Length of the footer and the magic bytes, at the end of every file.</summary>
    private const int TailLength = 8;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    public IEnumerable<ThriftStruct> RowGroups => File.List(ParquetFields.FileRowGroups).Cast<ThriftStruct>();

    public static ParquetFooter Read(SafeFileHandle handle)
    {
        var size = RandomAccess.GetLength(handle);
        Span<byte> tail = stackalloc byte[TailLength];
        if (size < TailLength || RandomAccess.Read(handle, tail, size - TailLength) != TailLength || !tail[4..].SequenceEqual(Magic))
            throw new InvalidDataException("A chunk is not a Parquet file.");

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length < 0 || length > size - TailLength)
            throw new InvalidDataException("The footer of a Parquet file is longer than the file.");
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var more = RandomAccess.Read(handle, bytes.AsSpan(read), size - TailLength - length + read);
            read += more > 0 ? more : throw new InvalidDataException("A Parquet file ends before its footer.");
        }

        var file = new ThriftReader(bytes).ReadStruct();
        ImmutableArray<ThriftStruct> elements = [.. file.List(ParquetFields.FileSchema).Cast<ThriftStruct>()];
        if (elements[0].Integer(ParquetFields.SchemaChildren) != elements.Length - 1)
            throw new InvalidDataException("A chunk is not flat.");
        return new(file, elements[0], elements[1..]);
    }

    /// <summary>Which of the file's columns has this name.</summary>
    public int IndexOf(string name)
    {
        for (var column = 0; column < Columns.Length; column++)
        {
            if (Encoding.UTF8.GetString(Columns[column].Binary(ParquetFields.SchemaName)) == name)
                return column;
        }

        throw new InvalidDataException($"A chunk has no column '{name}'.");
    }
}
