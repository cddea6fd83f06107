using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// Writes one property of an entity: name and value. A structure in an array, and one switch instead of a virtual call a value: this runs 300,000 times for
/// a page of 5,000 rows.
/// </summary>
internal unsafe struct PropertyWriter
{
    /// <summary>Room for any value but a string, with quotes.</summary>
    private const int MaxValueLength = 64;

    /// <summary>How many rows before they are written values are fetched.</summary>
    private const int ValuesAhead = 8;

    /// <summary>The same for the text of a long string: its entry says where it is, and has to be there by then.</summary>
    private const int TextsAhead = 4;

    private readonly ColumnVector _vector;
    private readonly byte[] _prefix;
    private readonly byte[] _nullPrefix;
    private readonly int _prefixLength;
    private readonly int _nullPrefixLength;
    private readonly PropertyShape _shape;
    private readonly byte _scale;
    private readonly int _width;
    private readonly bool _quoted;
    private readonly bool _omitNulls;
    private byte* _data;
    private ulong* _validity;
    private int _lastRow;

    public PropertyWriter(ColumnVector vector, JsonRowFormat format)
    {
        _vector = vector;
        _shape = ShapeOf(vector);
        _width = ColumnVector.Width(vector.PhysicalType);
        _scale = vector.Scale;
        _quoted = vector.Column.Kind is RowValueKind.TimeOfDay or RowValueKind.Duration || (format.Ieee754Compatible && vector.Column.Kind is RowValueKind.Int64 or RowValueKind.Decimal);
        _omitNulls = format.OmitNulls;
        var name = vector.Column.IsAnnotation ? vector.Column.Name.Replace(JsonRowFormat.LongPrefix, format.Prefix, StringComparison.Ordinal) : vector.Column.Name;
        (_nullPrefix, _nullPrefixLength) = Pad(EncodeName(name));
        (_prefix, _prefixLength) = Annotation(vector.Column) is not { } annotation || (format.Full is null && !format.AllTypes && !(format.DynamicTypes && vector.Column.IsDynamic))
            ? (_nullPrefix, _nullPrefixLength)
            : Pad([.. EncodeName($"{vector.Column.Name}{format.Prefix}type"), .. Encode(format.Prefix == "@" ? annotation : "#" + annotation), .. EncodeName(vector.Column.Name)]);
    }

    /// <summary>Says that the vector may have moved to another chunk.</summary>
    /// <param name="rows">Rows of the chunk, at least one.</param>
    public void Bind(int rows)
    {
        _lastRow = rows - 1;
        _data = _vector.Data;
        _validity = _vector.Validity;
    }

    /// <param name="skip">1 when no property was written before, for the comma; 0 afterwards.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(ref JsonOutput output, int row, ref int skip)
    {
        Prefetch(row);
        if (_validity == null || ((_validity[row >> 6] >> (row & 63)) & 1) != 0)
        {
            output.Reserve(_prefixLength + MaxValueLength);
            var to = Copy(output.At, _prefix, skip, _prefixLength);
            skip = 0;
            if (_shape == PropertyShape.String)
            {
                output.MoveTo(to);
                output.WriteString(ColumnVector.TextOf(_data + ((long)row * ColumnVector.StringWidth), out var length), length);
            }
            else
            {
                output.MoveTo(WriteValue(to, row));
            }
        }
        else if (!_omitNulls)
        {
            output.Reserve(_nullPrefixLength + MaxValueLength);
            output.MoveTo(WriteNull(Copy(output.At, _nullPrefix, skip, _nullPrefixLength)));
            skip = 0;
        }
    }

    /// <summary>Has what will soon be written fetched into the processor's cache: a page's rows are seldom there, and sixty columns are more than the processor follows by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Prefetch(int row)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(_data + ((long)(row + ValuesAhead) * _width));
        if (_shape == PropertyShape.String)
            Sse.Prefetch0(ColumnVector.TextOf(_data + ((long)Math.Min(row + TextsAhead, _lastRow) * ColumnVector.StringWidth), out _));
    }

    private readonly byte* WriteValue(byte* to, int row)
    {
        if (_quoted)
            *to++ = (byte)'"';
        switch (_shape)
        {
            case PropertyShape.Int64:
                to = NumberFormat.WriteInt64(to, ((long*)_data)[row]);
                break;
            case PropertyShape.HugeDecimal:
                to = NumberFormat.WriteDecimal(to, ((Int128*)_data)[row], _scale);
                break;
            case PropertyShape.Instant:
                return WriteInstant(to, ((long*)_data)[row]);
            case PropertyShape.Boolean:
                return WriteBoolean(to, _data[row] != 0);
            case PropertyShape.NarrowInteger:
                to = NumberFormat.WriteInt64(to, _vector.ReadInteger(row));
                break;
            case PropertyShape.NarrowDecimal:
                to = NumberFormat.WriteDecimal(to, (Int128)_vector.ReadInteger(row), _scale);
                break;
            case PropertyShape.Date:
                return WriteDate(to, ((int*)_data)[row]);
            case PropertyShape.TimeOfDay:
                to = Calendar.WriteTime(to, ((long*)_data)[row]);
                break;
            case PropertyShape.Duration:
                to = Calendar.WriteDuration(to, ((IntervalValue*)_data)[row]);
                break;
            default:
                return WriteDouble(to, _vector.PhysicalType == DuckDBType.Float ? ((float*)_data)[row] : ((double*)_data)[row]);
        }

        if (_quoted)
            *to++ = (byte)'"';
        return to;
    }

    private static byte* WriteInstant(byte* to, long micros)
    {
        if (Calendar.IsInfinite(micros))
            return WriteNull(to);
        *to = (byte)'"';
        to = Calendar.WriteInstant(to + 1, micros);
        *to = (byte)'"';
        return to + 1;
    }

    private static byte* WriteDate(byte* to, int day)
    {
        if (Calendar.IsInfinite(day))
            return WriteNull(to);
        *to = (byte)'"';
        to = Calendar.WriteDate(to + 1, day);
        *to = (byte)'"';
        return to + 1;
    }

    private static byte* WriteBoolean(byte* to, bool value)
    {
        var text = value ? "true"u8 : "false"u8;
        text.CopyTo(new Span<byte>(to, text.Length));
        return to + text.Length;
    }

    /// <summary>Shortest digits that read back as the same value; what JSON has no number for as OData's strings.</summary>
    private static byte* WriteDouble(byte* to, double value)
    {
        if (double.IsFinite(value))
        {
            Utf8Formatter.TryFormat(value, new Span<byte>(to, MaxValueLength), out var length);
            return to + length;
        }

        var text = double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"INF\""u8 : "\"-INF\""u8;
        text.CopyTo(new Span<byte>(to, text.Length));
        return to + text.Length;
    }

    private static byte* WriteNull(byte* to)
    {
        "null"u8.CopyTo(new Span<byte>(to, 4));
        return to + 4;
    }

    /// <summary>One load and one store when the bytes are few.</summary>
    /// <param name="padded">See <see cref="Pad"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Copy(byte* to, byte[] padded, int from, int length)
    {
        ref var first = ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(padded), from);
        if (length <= 32)
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<System.Runtime.Intrinsics.Vector256<byte>>(ref first));
        else
            Unsafe.CopyBlockUnaligned(ref *to, ref first, (uint)length);
        return to + length - from;
    }

    private static PropertyShape ShapeOf(ColumnVector vector) => vector.Column.Kind switch
    {
        RowValueKind.String => PropertyShape.String,
        RowValueKind.Int64 => vector.PhysicalType == DuckDBType.BigInt ? PropertyShape.Int64 : PropertyShape.NarrowInteger,
        RowValueKind.Decimal => vector.PhysicalType == DuckDBType.HugeInt ? PropertyShape.HugeDecimal : PropertyShape.NarrowDecimal,
        RowValueKind.Boolean => PropertyShape.Boolean,
        RowValueKind.DateTime => PropertyShape.Instant,
        RowValueKind.Date => PropertyShape.Date,
        RowValueKind.Double => PropertyShape.Double,
        RowValueKind.TimeOfDay => PropertyShape.TimeOfDay,
        RowValueKind.Duration => PropertyShape.Duration,
        _ => throw new InvalidOperationException($"No writer for values of kind {vector.Column.Kind}."),
    };

    /// <summary>The type that <c>odata.metadata=full</c> states, because JSON's own types do not tell it; null for the others.</summary>
    private static string? Annotation(RowColumn column) => column.Kind switch
    {
        _ when column.IsAnnotation => null,
        RowValueKind.Int64 => "Int64",
        RowValueKind.Decimal => "Decimal",
        RowValueKind.DateTime => "DateTimeOffset",
        RowValueKind.Date => "Date",
        RowValueKind.Double => "Double",
        RowValueKind.TimeOfDay => "TimeOfDay",
        RowValueKind.Duration => "Duration",
        _ => null,
    };

    /// <summary><c>,"name":</c></summary>
    private static byte[] EncodeName(string name) => [(byte)',', .. Encode(name), (byte)':'];

    internal static byte[] Encode(string text) => JsonSerializer.SerializeToUtf8Bytes(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Room behind the bytes, so that they can be copied in one load from either of the first two.</summary>
    private static (byte[] Padded, int Length) Pad(byte[] bytes)
    {
        var padded = new byte[bytes.Length + 64];
        bytes.CopyTo(padded, 0);
        return (padded, bytes.Length);
    }
}
