using System.Collections.Immutable;
using System.IO.Pipelines;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes rows of the current chunk: one <see cref="PropertyWriter"/> for each column that is not hidden.</summary>
internal sealed class RowWriter
{
    private readonly PropertyWriter[] _properties;
    private readonly EntityMetadataWriter? _metadata;
    private readonly ImmutableArray<NestedRows> _expanded;
    private long _number;

    public RowWriter(ImmutableArray<ColumnVector> vectors, JsonRowFormat format)
    {
        _properties = [.. vectors.Where(static vector => !vector.Column.Hidden).Select(vector => new PropertyWriter(vector, format))];
        _expanded = format.Expanded;
        _metadata = format.Full is null ? null : new EntityMetadataWriter(vectors, format.Full, format.Prefix);
    }

    /// <summary>Writes rows until about a window's worth of bytes is written.</summary>
    /// <param name="from">First row.</param>
    /// <param name="to">The row before which to stop at the latest.</param>
    /// <param name="separateFirst">Whether a comma goes before the first row.</param>
    /// <returns>The first row that was not written.</returns>
    public int Write(PipeWriter pipe, int from, int to, bool separateFirst)
    {
        var output = new JsonOutput(pipe);
        try
        {
            return Write(ref output, from, to, separateFirst);
        }
        finally
        {
            output.HandOver();
        }
    }

    private int Write(ref JsonOutput output, int from, int to, bool separateFirst)
    {
        Bind();
        var row = from;
        do
        {
            if (row > from || separateFirst)
            {
                output.Reserve(1);
                output.WriteByte((byte)',');
            }

            WriteRow(ref output, row, ++_number);
            row++;
        }
        while (row < to && output.Written < FlushAt);

        return row;
    }

    /// <summary>Says that the vectors may have moved to another chunk.</summary>
    public void Bind()
    {
        foreach (ref var property in _properties.AsSpan())
            property.Bind();
    }

    /// <summary>Writes one row of the chunk that the writer is bound to.</summary>
    /// <param name="number">Number of the row in the result, from 1.</param>
    public void WriteRow(ref JsonOutput output, int row, long number)
    {
        output.Reserve(1);
        output.WriteByte((byte)'{');
        var skip = 1;
        _metadata?.WriteStart(ref output, row, ref skip);
        foreach (ref readonly var property in _properties.AsSpan())
            property.Write(ref output, row, ref skip);
        foreach (var nested in _expanded)
            nested.Write(ref output, row, number, ref skip);
        _metadata?.WriteEnd(ref output, row);
        output.Reserve(1);
        output.WriteByte((byte)'}');
    }

    /// <summary>A little less than a window, so that a row seldom needs a second one.</summary>
    private const int FlushAt = JsonOutput.WindowSize - (4 * 1024);
}
