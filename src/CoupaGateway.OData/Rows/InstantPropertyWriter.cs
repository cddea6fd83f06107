namespace CoupaGateway.OData.Rows;

internal sealed class InstantPropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format, "#DateTimeOffset")
{
    protected override unsafe void WriteValue(ref JsonOutput output, int row)
    {
        var micros = Vector.Read<long>(row);
        if (Calendar.IsInfinite(micros))
        {
            output.WriteNull();
            return;
        }

        var to = output.At;
        *to = (byte)'"';
        to = Calendar.WriteInstant(to + 1, micros);
        *to = (byte)'"';
        output.MoveTo(to + 1);
    }
}
