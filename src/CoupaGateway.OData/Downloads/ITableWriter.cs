using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Downloads;

/// <summary>Writes rows straight from DuckDB's vectors in one format.</summary>
internal interface ITableWriter : IAsyncDisposable
{
    /// <summary>Writes all rows of a result; results after the first have the same columns. Waits for clients that read slowly.</summary>
    /// <returns>Rows written.</returns>
    ValueTask<long> WriteAsync(RowReader rows, CancellationToken cancellationToken);

    /// <summary>Writes what comes after the last row.</summary>
    ValueTask EndAsync(CancellationToken cancellationToken);
}
