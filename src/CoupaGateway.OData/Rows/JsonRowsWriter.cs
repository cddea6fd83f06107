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
        var writer = new RowWriter(rows.Vectors, format);
        ImmutableArray<object?> token = [];
        long count = 0;
        while (count < limit && await rows.NextChunkAsync())
        {
            // (1)
            var take = (int)Math.Min(limit - count, rows.RowCount);
            if (limit - count >= rows.RowCount)
                rows.ReadAhead();
            var row = 0;
            while (row < take)
            {
                // (2)
                row = writer.Write(output, row, take, separateFirst: format.IsContinuation || count + row > 0);

                // (3)
                var flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted || flushed.IsCanceled)
                    throw new OperationCanceledException("Nobody reads the response any more.", cancellationToken);
            }

            count += take;
            if (!tokenColumns.IsDefaultOrEmpty && take > 0)
                token = [.. tokenColumns.Select(column => rows.Vectors[column].ReadObject(take - 1))];
            if (take < rows.RowCount)
                return new RowsWritten(count, More: true, token);
        }

        return new RowsWritten(count, More: await rows.NextChunkAsync(), token);
    }
}
