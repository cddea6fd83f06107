using System.Collections.Immutable;
using System.Text;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes rows of the current chunk: one <see cref="PropertyWriter"/> for each column that is not hidden.</summary>
internal sealed class RowWriter : IRowWriter
{
    private readonly PropertyWriter[] _properties;
    private readonly EntityMetadataWriter? _metadata;
    private readonly ImmutableArray<NestedRows> _expanded;
    private readonly byte[] _start;

    public RowWriter(ImmutableArray<ColumnVector> vectors, JsonRowFormat format)
    {
        _properties = [.. vectors.Where(static vector => !vector.Column.Hidden).Select(vector => new PropertyWriter(vector, format))];
        _expanded = format.Expanded;
        _start = Start(format);
        _metadata = format.Full is null ? null : new EntityMetadataWriter(vectors, format.Full, format.Prefix);
    }

    private static byte[] Start(JsonRowFormat format)
    {
        byte[] context = format.Start is null ? [] : [.. PropertyWriter.Encode(format.Prefix + "context"), (byte)':', .. PropertyWriter.Encode(format.Start)];
        return context.Length == 0 || format.Annotations.Length == 0
            ? [.. context, .. Encoding.UTF8.GetBytes(format.Annotations)]
            : [.. context, (byte)',', .. Encoding.UTF8.GetBytes(format.Annotations)];
    }

    public void Bind(int rows)
    {
        foreach (ref var property in _properties.AsSpan())
            property.Bind(rows);
    }

    public void WriteRow(ref JsonOutput output, int row, long number)
    {
        output.Reserve(1);
        output.WriteByte((byte)'{');
        var skip = 1;
        if (_start.Length > 0)
        {
            output.Reserve(_start.Length);
            output.Write(_start);
            skip = 0;
        }

        _metadata?.WriteStart(ref output, row, ref skip);
        foreach (ref readonly var property in _properties.AsSpan())
            property.Write(ref output, row, ref skip);
        foreach (var nested in _expanded)
            nested.Write(ref output, row, number, ref skip);
        _metadata?.WriteEnd(ref output, row);
        output.Reserve(1);
        output.WriteByte((byte)'}');
    }
}
