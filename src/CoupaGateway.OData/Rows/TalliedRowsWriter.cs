using System.Collections.Immutable;
using System.IO.Pipelines;

namespace CoupaGateway.OData.Rows;

/// <summary>A writer whose rows count for the metrics.</summary>
internal sealed class TalliedRowsWriter(IJsonRowsWriter inner) : IJsonRowsWriter
{
    public async Task<RowsWritten> WriteAsync(
        RowReader rows, PipeWriter output, JsonRowFormat format, long limit, ImmutableArray<int> tokenColumns, CancellationToken cancellationToken)
    {
        var written = await inner.WriteAsync(rows, output, format, limit, tokenColumns, cancellationToken);
        RowTally.Add(written.Count);
        return written;
    }
}
