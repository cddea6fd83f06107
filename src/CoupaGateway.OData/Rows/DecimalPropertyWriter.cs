using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

internal sealed class DecimalPropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format, "#Decimal")
{
    private readonly bool _quoted = format.Ieee754Compatible;
    private readonly bool _huge = vector.PhysicalType == DuckDBType.HugeInt;
    private readonly byte _scale = vector.Scale;

    protected override unsafe void WriteValue(ref JsonOutput output, int row)
    {
        var to = output.At;
        if (_quoted)
            *to++ = (byte)'"';
        to = NumberFormat.WriteDecimal(to, _huge ? Vector.Read<Int128>(row) : Vector.ReadUnscaled(row), _scale);
        if (_quoted)
            *to++ = (byte)'"';
        output.MoveTo(to);
    }
}
