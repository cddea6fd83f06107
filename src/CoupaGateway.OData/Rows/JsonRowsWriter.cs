using System.Collections.Immutable;
using System.IO.Pipelines;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// <code>
/// DuckDB ── chunk of up to 2,048 rows, column by column ──> (1) bind vectors; another thread begins to read the next chunk, if more rows are wanted
///   (2) row by row, property by property, into the pipe's own memory, until about 64 KiB are full
///   (3) flush, which waits when the client is slow; go on at (2), then at (1)
/// </code>
/// Nothing is allocated per row or value: names are encoded once, and values go from DuckDB's memory to the pipe's.
/// </summary>
internal sealed class JsonRowsWriter : IJsonRowsWriter
{
    public async Task<RowsWritten> WriteAsync(
        RowReader rows, PipeWriter output, JsonRowFormat format, long limit, ImmutableArray<int> tokenColumns, CancellationToken cancellationToken)
    {
        var writer = format.Writer(rows.Vectors, format);
        ImmutableArray<object?> token = [];
        long count = 0;
        while (count < limit && await rows.NextChunkAsync())
        {
            // (1)
            var (row, available) = (rows.FirstRow, rows.RowCount - rows.FirstRow);
            var take = (int)Math.Min(limit - count, available);
            var end = row + take;
            if (limit - count >= available)
                rows.ReadAhead();
            writer.Bind(rows.RowCount);
            while (row < end)
            {
                // (2)
                row = Write(writer, output, row, end, before: count - rows.FirstRow, separateFirst: format.IsContinuation || count > 0 || row > rows.FirstRow);

                // (3)
                var flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted || flushed.IsCanceled)
                    throw new OperationCanceledException("Nobody reads the response any more.", cancellationToken);
            }

            count += take;
            if (!tokenColumns.IsDefaultOrEmpty && take > 0)
                token = [.. tokenColumns.Select(column => rows.Vectors[column].ReadObject(end - 1))];
            if (take < available)
                return new RowsWritten(count, More: true, token);
        }

        return new RowsWritten(count, More: await rows.NextChunkAsync(), token);
    }

    /// <summary>Writes rows until about a window's worth of bytes is written.</summary>
    /// <param name="from">First row.</param>
    /// <param name="to">The row before which to stop at the latest.</param>
    /// <param name="before">What a row's number here is less than its number in the result.</param>
    /// <param name="separateFirst">Whether a comma goes before the first row.</param>
    /// <returns>The first row that was not written.</returns>
    private static int Write(IRowWriter writer, PipeWriter pipe, int from, int to, long before, bool separateFirst)
    {
        var output = new JsonOutput(pipe);
        try
        {
            var row = from;
            do
            {
                if (row > from || separateFirst)
                {
                    output.Reserve(1);
                    output.WriteByte((byte)',');
                }

                writer.WriteRow(ref output, row, before + row + 1);
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

    /// <summary>A little less than a window, so that a row seldom needs a second one.</summary>
    private const int FlushAt = JsonOutput.WindowSize - (4 * 1024);
}
