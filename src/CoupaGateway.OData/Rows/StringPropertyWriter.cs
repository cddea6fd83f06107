namespace CoupaGateway.OData.Rows;

internal sealed class StringPropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format)
{
    protected override unsafe void WriteValue(ref JsonOutput output, int row)
    {
        var text = Vector.ReadString(row, out var length);
        output.WriteString(text, length);
    }
}
