using System.Buffers.Binary;
using System.Collections.Immutable;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>Reads Thrift's compact protocol, in which Parquet keeps its metadata.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public ThriftStruct ReadStruct()
    {
        var fields = ImmutableArray.CreateBuilder<ThriftField>();
        short id = 0;
        for (byte head; (head = _bytes[_at++]) != 0;)
        {
            // The id is a small step from the one before, or written out.
            var step = head >> 4;
            id = step == 0 ? (short)ReadZigZag() : (short)(id + step);
            var type = (ThriftType)(head & 15);
            fields.Add(new(id, type, type is ThriftType.True or ThriftType.False ? type == ThriftType.True : ReadValue(type)));
        }

        return new(fields.ToImmutable());
    }

    private object ReadValue(ThriftType type) => type switch
    {
        ThriftType.Byte => (long)(sbyte)_bytes[_at++],
        ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 => ReadZigZag(),
        ThriftType.Double => ReadDouble(),
        ThriftType.Binary => ReadBinary(),
        ThriftType.List or ThriftType.Set => ReadList(),
        ThriftType.Struct => ReadStruct(),
        ThriftType.True or ThriftType.False => _bytes[_at++] == 1, // in a list
        _ => throw new InvalidDataException($"Thrift type {type} in a Parquet footer."),
    };

    private ThriftList ReadList()
    {
        var head = _bytes[_at++];
        var count = head >> 4 == 15 ? checked((int)ReadVarint()) : head >> 4;
        var items = new object[count];
        for (var item = 0; item < count; item++)
            items[item] = ReadValue((ThriftType)(head & 15));
        return new((ThriftType)(head & 15), items);
    }

    private double ReadDouble()
    {
        _at += sizeof(double);
        return BinaryPrimitives.ReadDoubleLittleEndian(_bytes[(_at - sizeof(double))..]);
    }

    private byte[] ReadBinary()
    {
        var length = checked((int)ReadVarint());
        _at += length;
        return _bytes[(_at - length).._at].ToArray();
    }

    private long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
