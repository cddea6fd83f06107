namespace CoupaGateway.OData.Rows;

/// <summary>Writes the result of a query as a Parquet file, within the limits of every other query.</summary>
internal interface IParquetExporter
{
    /// <summary>Writes all rows but the hidden columns. Disposing what it returns deletes the file.</summary>
    /// <exception cref="QueryRejectedException">The query cannot be answered, or its file would be longer than <see cref="QueryOptions.TempLimit"/>.</exception>
    ValueTask<TemporaryFile> ExportAsync(RowQuery query, CancellationToken cancellationToken);

    /// <summary>An empty file in the same folder, to write to and read again; it is gone when it is closed.</summary>
    Stream OpenSpool();
}
