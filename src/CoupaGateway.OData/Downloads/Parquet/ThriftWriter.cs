using System.Buffers;
using System.Buffers.Binary;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>Writes Thrift's compact protocol.</summary>
internal sealed class ThriftWriter(IBufferWriter<byte> output)
{
    public void WriteStruct(ThriftStruct value)
    {
        short last = 0;
        foreach (var field in value.Fields)
        {
            WriteHead(field.Id, ref last, field.Type);
            if (field.Value is not bool)
                WriteValue(field.Type, field.Value);
        }

        WriteByte(0);
    }

    /// <summary>The beginning of a field, for structs that are written piece by piece; end them with <see cref="WriteByte"/> 0.</summary>
    /// <param name="last">Id of the field before; 0 for none.</param>
    public void WriteHead(short id, ref short last, ThriftType type)
    {
        var step = id - last;
        WriteByte((byte)((step is > 0 and < 16 ? step << 4 : 0) | (byte)type));
        if (step is <= 0 or >= 16)
            WriteZigZag(id);
        last = id;
    }

    public void WriteListHead(ThriftType type, int count)
    {
        WriteByte((byte)((Math.Min(count, 15) << 4) | (byte)type));
        if (count >= 15)
            WriteVarint((ulong)count);
    }

    public void WriteValue(ThriftType type, object value)
    {
        switch (value)
        {
            case bool flag:
                WriteByte((byte)ThriftStruct.Code(flag));
                break;
            case long number when type == ThriftType.Byte:
                WriteByte((byte)number);
                break;
            case long number:
                WriteZigZag(number);
                break;
            case double number:
                BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), number);
                output.Advance(sizeof(double));
                break;
            case byte[] bytes:
                WriteVarint((ulong)bytes.Length);
                output.Write(bytes);
                break;
            case ThriftList list:
                WriteListHead(list.ElementType, list.Items.Count);
                foreach (var item in list.Items)
                    WriteValue(list.ElementType, item);
                break;
            default:
                WriteStruct((ThriftStruct)value);
                break;
        }
    }

    public void WriteByte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private void WriteZigZag(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }
}
