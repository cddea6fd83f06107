namespace CoupaGateway.OData.Rows;

internal sealed class BooleanPropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format)
{
    protected override void WriteValue(ref JsonOutput output, int row) => output.Write(Vector.Read<byte>(row) != 0 ? "true"u8 : "false"u8);
}
