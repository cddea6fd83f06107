using System.Buffers.Text;
using DuckDB.NET.Native;

namespace CoupaGateway.OData.Rows;

/// <summary>Shortest digits that read back as the same value; what JSON has no number for as OData's strings.</summary>
internal sealed class DoublePropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format, "#Double")
{
    private readonly bool _single = vector.PhysicalType == DuckDBType.Float;

    protected override unsafe void WriteValue(ref JsonOutput output, int row)
    {
        var value = _single ? Vector.Read<float>(row) : Vector.Read<double>(row);
        if (double.IsFinite(value))
        {
            Utf8Formatter.TryFormat(value, new Span<byte>(output.At, MaxValueLength), out var length);
            output.MoveTo(output.At + length);
        }
        else
        {
            output.Write(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"INF\""u8 : "\"-INF\""u8);
        }
    }
}
