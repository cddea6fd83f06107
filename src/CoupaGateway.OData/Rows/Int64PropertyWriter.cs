using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

internal sealed class Int64PropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format, "#Int64")
{
    private readonly bool _quoted = format.Ieee754Compatible;
    private readonly bool _wide = vector.PhysicalType == DuckDBType.BigInt;

    protected override unsafe void WriteValue(ref JsonOutput output, int row)
    {
        var to = output.At;
        if (_quoted)
            *to++ = (byte)'"';
        to = NumberFormat.WriteInt64(to, _wide ? Vector.Read<long>(row) : Vector.ReadInteger(row));
        if (_quoted)
            *to++ = (byte)'"';
        output.MoveTo(to);
    }
}
