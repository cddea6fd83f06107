namespace CoupaGateway.OData.Rows;

/// <summary>Runs queries over the Parquet chunks, within limits on time, memory, threads and concurrent queries.</summary>
internal interface IQueryEngine
{
    /// <summary>Starts a query. Rows are produced as they are read, never the whole result at once.</summary>
    /// <exception cref="QueryRejectedException">The query cannot be answered: it ran too long, needs too much memory, or a value overflowed.</exception>
    ValueTask<RowReader> OpenAsync(RowQuery query, CancellationToken cancellationToken);
}
