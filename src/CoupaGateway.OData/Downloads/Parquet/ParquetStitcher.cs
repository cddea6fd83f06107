using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>
/// Makes one Parquet file of many with the same columns, on the way out: pages are copied as they are, and the footer says where they came to lie.
/// </summary>
/// <remarks>
/// <code>
/// "PAR1" | column chunks of file 1 … | column chunks of file 2 … | footer: schema, where each column chunk is | length | "PAR1"
/// </code>
/// What the footer will say of each row group waits in a file, so that memory does not grow with the table.
/// </remarks>
/// <param name="columns">Names of the columns to take, in this order.</param>
/// <param name="spool">Where row groups wait for the footer; empty, and the caller's to dispose.</param>
internal sealed class ParquetStitcher(PipeWriter output, ImmutableArray<string> columns, Stream spool)
{
    private const int BlockSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _group = new();
    private ParquetFooter? _first;
    private ImmutableArray<ThriftStruct> _schema;
    private ThriftList? _orders;
    private long _position;
    private long _unflushed;
    private long _rows;
    private int _groups;

    /// <returns>Rows of the file.</returns>
    public async ValueTask<long> AppendAsync(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path);
        var footer = ParquetFooter.Read(file);
        int[] indexes = [.. columns.Select(footer.IndexOf)];
        if (_first is null)
            Begin(footer, indexes);
        else
            CheckSchema(footer, indexes);
        foreach (var group in footer.RowGroups)
            await AppendAsync(file, group, indexes, cancellationToken);

        var rows = footer.File.Integer(ParquetFields.FileRows);
        _rows += rows;
        return rows;
    }

    /// <summary>Writes the footer.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        var begin = _position;
        WriteFooterStart();
        spool.Position = 0;
        while (true)
        {
            var read = await spool.ReadAsync(output.GetMemory(BlockSize), cancellationToken);
            if (read == 0)
                break;
            await AdvanceAsync(read, cancellationToken);
        }

        WriteFooterEnd(begin);
        await FlushAsync(cancellationToken);
    }

    private void Begin(ParquetFooter footer, int[] indexes)
    {
        _first = footer;
        _schema = [.. indexes.Select(index => ParquetTypes.WithZone(footer.Columns[index]))];
        _orders = footer.File.Fields.FirstOrDefault(static field => field.Id == ParquetFields.FileColumnOrders)?.Value is ThriftList orders
            ? orders with { Items = [.. indexes.Select(index => orders.Items[index])] }
            : null;
        Write(ParquetFooter.Magic);
    }

    private void CheckSchema(ParquetFooter footer, int[] indexes)
    {
        for (var column = 0; column < indexes.Length; column++)
        {
            if (!ParquetTypes.Bytes(ParquetTypes.WithZone(footer.Columns[indexes[column]])).SequenceEqual(ParquetTypes.Bytes(_schema[column])))
                throw new InvalidDataException($"The column '{columns[column]}' has two types in one table.");
        }
    }

    private async ValueTask AppendAsync(SafeFileHandle file, ThriftStruct group, int[] indexes, CancellationToken cancellationToken)
    {
        var start = _position;
        var (plain, packed) = (0L, 0L);
        var moved = new List<object>(indexes.Length);
        foreach (var index in indexes)
        {
            var column = (ThriftStruct)group.List(ParquetFields.GroupColumns)[index];
            var (chunk, from, length) = ParquetTypes.Move(column, _position);
            moved.Add(chunk);
            plain += chunk.Struct(ParquetFields.ChunkMetadata).Integer(ParquetFields.ColumnUncompressedBytes);
            packed += length;
            await CopyAsync(file, from, length, cancellationToken);
        }

        var described = group
            .With(ParquetFields.GroupColumns, new ThriftList(ThriftType.Struct, moved))
            .With(ParquetFields.GroupBytes, plain)
            .With(ParquetFields.GroupCompressedBytes, packed)
            .With(ParquetFields.GroupOffset, start)
            .Without(ParquetFields.GroupOrdinal);
        _group.ResetWrittenCount();
        new ThriftWriter(_group).WriteStruct(described);
        await spool.WriteAsync(_group.WrittenMemory, cancellationToken);
        _groups++;
    }

    private async ValueTask CopyAsync(SafeFileHandle file, long from, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var block = output.GetMemory(BlockSize);
            var read = RandomAccess.Read(file, block.Span[..(int)Math.Min(block.Length, length)], from);
            if (read == 0)
                throw new InvalidDataException("A chunk ends before its pages.");
            await AdvanceAsync(read, cancellationToken);
            from += read;
            length -= read;
        }
    }

    private void WriteFooterStart()
    {
        var head = new ArrayBufferWriter<byte>();
        var writer = new ThriftWriter(head);
        short last = 0;
        writer.WriteHead(ParquetFields.FileVersion, ref last, ThriftType.Int32);
        writer.WriteValue(ThriftType.Int32, _first!.File.Integer(ParquetFields.FileVersion));
        writer.WriteHead(ParquetFields.FileSchema, ref last, ThriftType.List);
        writer.WriteValue(ThriftType.List, new ThriftList(ThriftType.Struct, [_first.Root.With(ParquetFields.SchemaChildren, (long)_schema.Length), .. _schema]));
        writer.WriteHead(ParquetFields.FileRows, ref last, ThriftType.Int64);
        writer.WriteValue(ThriftType.Int64, _rows);
        writer.WriteHead(ParquetFields.FileRowGroups, ref last, ThriftType.List);
        writer.WriteListHead(ThriftType.Struct, _groups);
        Write(head.WrittenSpan);
    }

    private void WriteFooterEnd(long begin)
    {
        var end = new ArrayBufferWriter<byte>();
        var writer = new ThriftWriter(end);
        var last = ParquetFields.FileRowGroups;
        writer.WriteHead(ParquetFields.FileCreatedBy, ref last, ThriftType.Binary);
        writer.WriteValue(ThriftType.Binary, "CoupaGateway"u8.ToArray());
        if (_orders is not null)
        {
            writer.WriteHead(ParquetFields.FileColumnOrders, ref last, ThriftType.List);
            writer.WriteValue(ThriftType.List, _orders);
        }

        writer.WriteByte(0);
        var length = checked((int)(_position - begin + end.WrittenCount));
        BinaryPrimitives.WriteInt32LittleEndian(end.GetSpan(sizeof(int)), length);
        end.Advance(sizeof(int));
        end.Write(ParquetFooter.Magic);
        Write(end.WrittenSpan);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _position += bytes.Length;
    }

    private async ValueTask AdvanceAsync(int count, CancellationToken cancellationToken)
    {
        output.Advance(count);
        _position += count;
        _unflushed += count;
        if (_unflushed >= BlockSize)
            await FlushAsync(cancellationToken);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        await output.FlushOrStopAsync(cancellationToken);
    }
}
