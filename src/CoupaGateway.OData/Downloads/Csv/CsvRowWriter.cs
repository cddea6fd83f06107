using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads.Csv;

/// <summary>Writes rows of the current chunk as lines of CSV.</summary>
internal sealed unsafe class CsvRowWriter(ImmutableArray<ColumnVector> vectors)
{
    /// <summary>A little less than a window, so that a row seldom needs a second one.</summary>
    private const int FlushAt = JsonOutput.WindowSize - (4 * 1024);

    private readonly ColumnVector[] _columns = [.. vectors.Where(static vector => !vector.Column.Hidden)];

    public void WriteHeader(PipeWriter pipe)
    {
        var output = new JsonOutput(pipe);
        try
        {
            for (var column = 0; column < _columns.Length; column++)
            {
                Separate(ref output, column);
                var name = Encoding.UTF8.GetBytes(_columns[column].Column.Name);
                fixed (byte* start = name)
                    CsvField.WriteText(ref output, start, name.Length);
            }

            EndLine(ref output);
        }
        finally
        {
            output.HandOver();
        }
    }

    /// <summary>Writes rows until about a window's worth of bytes is written.</summary>
    /// <param name="from">First row.</param>
    /// <param name="to">The row before which to stop at the latest.</param>
    /// <returns>The first row that was not written.</returns>
    public int Write(PipeWriter pipe, int from, int to)
    {
        var output = new JsonOutput(pipe);
        var row = from;
        try
        {
            do
            {
                for (var column = 0; column < _columns.Length; column++)
                {
                    Separate(ref output, column);
                    CsvField.Write(ref output, _columns[column], row);
                }

                EndLine(ref output);
                row++;
            }
            while (row < to && output.Written < FlushAt);

            return row;
        }
        finally
        {
            output.HandOver();
        }
    }

    private static void Separate(ref JsonOutput output, int column)
    {
        output.Reserve(1);
        if (column > 0)
            output.WriteByte((byte)',');
    }

    private static void EndLine(ref JsonOutput output)
    {
        output.Reserve(2);
        output.Write("\r\n"u8);
    }
}
