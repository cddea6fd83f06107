using System.Collections.Immutable;
using System.IO.Pipelines;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes rows as UTF-8 JSON objects straight from DuckDB's vectors into a response.</summary>
internal interface IJsonRowsWriter
{
    /// <summary>
    /// Writes up to <paramref name="limit"/> rows as objects separated by commas (no brackets around them), flushing on the way so that
    /// memory stays flat.
    /// </summary>
    /// <param name="tokenColumns">Indexes of the columns whose values in the last row the caller needs for a page token.</param>
    Task<RowsWritten> WriteAsync(
        RowReader rows, PipeWriter output, JsonRowFormat format, long limit, ImmutableArray<int> tokenColumns, CancellationToken cancellationToken);
}
