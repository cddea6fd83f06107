using System.Buffers;
using System.Buffers.Text;
using CoupaGateway.OData.Rows;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Downloads.Csv;

/// <summary>
/// Values as fields of CSV, written as OData's JSON writes them but for the quotes. Null is a field without anything in it; an empty text is a pair of quotes.
/// </summary>
internal static unsafe class CsvField
{
    /// <summary>Text goes out in slices of this size, so that the window needs no room for all of it.</summary>
    private const int Slice = 2 * 1024;

    private const int MaxValueLength = 64;

    /// <summary>What makes quotes necessary (RFC 4180, section 2, rule 6).</summary>
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    public static void Write(ref JsonOutput output, ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
            return;
        if (vector.Column.Kind == RowValueKind.String)
        {
            var text = vector.ReadString(row, out var length);
            WriteText(ref output, text, length);
            return;
        }

        output.Reserve(MaxValueLength);
        output.MoveTo(WriteValue(output.At, vector, row));
    }

    /// <param name="text">UTF-8.</param>
    public static void WriteText(ref JsonOutput output, byte* text, int length)
    {
        if (length > 0 && new ReadOnlySpan<byte>(text, length).IndexOfAny(Special) < 0)
            Copy(ref output, new(text, length));
        else
            WriteQuoted(ref output, new(text, length));
    }

    private static void WriteQuoted(ref JsonOutput output, ReadOnlySpan<byte> text)
    {
        output.Reserve(1);
        output.WriteByte((byte)'"');
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            Copy(ref output, text[..(quote + 1)]);
            output.Reserve(1);
            output.WriteByte((byte)'"');
        }

        Copy(ref output, text);
        output.Reserve(1);
        output.WriteByte((byte)'"');
    }

    private static void Copy(ref JsonOutput output, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var slice = text[..Math.Min(text.Length, Slice)];
            output.Reserve(slice.Length);
            output.Write(slice);
            text = text[slice.Length..];
        }
    }

    private static byte* WriteValue(byte* to, ColumnVector vector, int row)
    {
        switch (vector.Column.Kind)
        {
            case RowValueKind.Int64:
                return NumberFormat.WriteInt64(to, vector.ReadInteger(row));
            case RowValueKind.Decimal:
                return NumberFormat.WriteDecimal(to, vector.ReadUnscaled(row), vector.Scale);
            case RowValueKind.Boolean:
                return WriteBytes(to, vector.Read<byte>(row) != 0 ? "true"u8 : "false"u8);
            case RowValueKind.DateTime:
                var micros = vector.Read<long>(row);
                return Calendar.IsInfinite(micros) ? to : Calendar.WriteInstant(to, micros);
            case RowValueKind.Date:
                var day = vector.Read<int>(row);
                return Calendar.IsInfinite(day) ? to : Calendar.WriteDate(to, day);
            case RowValueKind.TimeOfDay:
                return Calendar.WriteTime(to, vector.Read<long>(row));
            case RowValueKind.Duration:
                return Calendar.WriteDuration(to, vector.Read<IntervalValue>(row));
            case RowValueKind.Double:
                return WriteDouble(to, vector.PhysicalType == DuckDBType.Float ? vector.Read<float>(row) : vector.Read<double>(row));
            default:
                throw new InvalidOperationException($"No field for values of kind {vector.Column.Kind}.");
        }
    }

    private static byte* WriteDouble(byte* to, double value)
    {
        if (!double.IsFinite(value))
            return WriteBytes(to, double.IsNaN(value) ? "NaN"u8 : value > 0 ? "INF"u8 : "-INF"u8);
        Utf8Formatter.TryFormat(value, new Span<byte>(to, MaxValueLength), out var length);
        return to + length;
    }

    private static byte* WriteBytes(byte* to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(to, bytes.Length));
        return to + bytes.Length;
    }
}
