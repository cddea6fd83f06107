namespace CoupaGateway.OData.Rows;

/// <summary>One property of a key predicate in a URL inside a JSON string: <c>1</c>, <c>invoices_id=1</c>, <c>'a%20b'</c>.</summary>
internal sealed class KeyPart(ColumnVector vector, int index, bool named)
{
    private readonly byte[] _prefix =
    [
        .. index > 0 ? ","u8 : default,
        .. named ? PropertyWriter.Encode(vector.Column.Name)[1..^1] : [],
        .. named ? "="u8 : default,
    ];

    public unsafe void Write(ref JsonOutput output, int row)
    {
        output.Reserve(_prefix.Length + Calendar.MaxLength + NumberFormat.MaxDecimalLength);
        output.Write(_prefix);
        switch (vector.Column.Kind)
        {
            case RowValueKind.String:
                WriteText(ref output, row);
                break;
            case RowValueKind.Int64:
                output.MoveTo(NumberFormat.WriteInt64(output.At, vector.ReadInteger(row)));
                break;
            case RowValueKind.Decimal:
                output.MoveTo(NumberFormat.WriteDecimal(output.At, vector.ReadUnscaled(row), vector.Scale));
                break;
            case RowValueKind.DateTime:
                output.MoveTo(Calendar.WriteInstant(output.At, vector.Read<long>(row)));
                break;
            case RowValueKind.Date:
                output.MoveTo(Calendar.WriteDate(output.At, vector.Read<int>(row)));
                break;
            case RowValueKind.Boolean:
                output.Write(vector.Read<byte>(row) != 0 ? "true"u8 : "false"u8);
                break;
            default:
                throw new InvalidOperationException($"A value of kind {vector.Column.Kind} cannot be part of a key.");
        }
    }

    /// <summary>Quoted, quotes doubled, percent-encoded: what remains is plain ASCII that JSON need not escape.</summary>
    private unsafe void WriteText(ref JsonOutput output, int row)
    {
        var text = vector.ReadString(row, out var length);
        output.WriteByte((byte)'\'');
        for (var i = 0; i < length; i++)
        {
            output.Reserve(8);
            var value = text[i];
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                output.WriteByte(value);
            }
            else if (value == (byte)'\'')
            {
                output.Write("%27%27"u8);
            }
            else
            {
                output.WriteByte((byte)'%');
                output.WriteByte(JsonOutput.HexDigits[value >> 4]);
                output.WriteByte(JsonOutput.HexDigits[value & 15]);
            }
        }

        output.Reserve(2);
        output.WriteByte((byte)'\'');
    }
}
