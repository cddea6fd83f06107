namespace CoupaGateway.OData.Rows;

internal sealed class DatePropertyWriter(ColumnVector vector, JsonRowFormat format) : PropertyWriter(vector, format, "#Date")
{
    protected override unsafe void WriteValue(ref JsonOutput output, int row)
    {
        var day = Vector.Read<int>(row);
        if (Calendar.IsInfinite(day))
        {
            output.WriteNull();
            return;
        }

        var to = output.At;
        *to = (byte)'"';
        to = Calendar.WriteDate(to + 1, day);
        *to = (byte)'"';
        output.MoveTo(to + 1);
    }
}
