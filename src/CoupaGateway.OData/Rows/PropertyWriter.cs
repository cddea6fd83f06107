using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes one property of an entity: name and value. A subclass for each way in which values lie in memory.</summary>
internal abstract class PropertyWriter
{
    /// <summary>Room for any value but a string, with quotes.</summary>
    protected const int MaxValueLength = 64;

    private readonly byte[] _prefix;
    private readonly int _prefixLength;
    private readonly byte[] _nullPrefix;
    private readonly int _nullPrefixLength;
    private readonly bool _omitNulls;

    protected PropertyWriter(ColumnVector vector, JsonRowFormat format, string? annotation = null)
    {
        Vector = vector;
        _omitNulls = format.OmitNulls;
        (_nullPrefix, _nullPrefixLength) = Pad(EncodeName(vector.Column.Name));
        (_prefix, _prefixLength) = annotation is null || format.Full is null
            ? (_nullPrefix, _nullPrefixLength)
            : Pad([.. EncodeName(vector.Column.Name + "@odata.type"), .. Encode(annotation), .. EncodeName(vector.Column.Name)]);
    }

    protected ColumnVector Vector { get; }

    public static PropertyWriter Create(ColumnVector vector, JsonRowFormat format) => vector.Column.Kind switch
    {
        RowValueKind.String => new StringPropertyWriter(vector, format),
        RowValueKind.Int64 => new Int64PropertyWriter(vector, format),
        RowValueKind.Decimal => new DecimalPropertyWriter(vector, format),
        RowValueKind.Boolean => new BooleanPropertyWriter(vector, format),
        RowValueKind.DateTime => new InstantPropertyWriter(vector, format),
        RowValueKind.Date => new DatePropertyWriter(vector, format),
        RowValueKind.Double => new DoublePropertyWriter(vector, format),
        _ => throw new InvalidOperationException($"No writer for values of kind {vector.Column.Kind}."),
    };

    /// <param name="first">Whether no property was written before; false afterwards when one was written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ref JsonOutput output, int row, ref bool first)
    {
        if (!Vector.IsNull(row))
        {
            output.Reserve(_prefixLength + MaxValueLength);
            var skip = first ? 1 : 0;
            first = false;
            output.WritePadded(_prefix, skip, _prefixLength - skip);
            WriteValue(ref output, row);
        }
        else if (!_omitNulls)
        {
            output.Reserve(_nullPrefixLength + MaxValueLength);
            var skip = first ? 1 : 0;
            first = false;
            output.WritePadded(_nullPrefix, skip, _nullPrefixLength - skip);
            output.WriteNull();
        }
    }

    /// <summary>Writes a value that is not null. <see cref="MaxValueLength"/> bytes are reserved.</summary>
    protected abstract void WriteValue(ref JsonOutput output, int row);

    /// <summary><c>,"name":</c></summary>
    private static byte[] EncodeName(string name) => [(byte)',', .. Encode(name), (byte)':'];

    internal static byte[] Encode(string text) => JsonSerializer.SerializeToUtf8Bytes(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Room behind the bytes, so that they can be copied in one load from either of the first two.</summary>
    internal static (byte[] Padded, int Length) Pad(byte[] bytes)
    {
        var padded = new byte[bytes.Length + 64];
        bytes.CopyTo(padded, 0);
        return (padded, bytes.Length);
    }
}
