namespace CoupaGateway.OData.Rows;

/// <summary>A running query, read one DuckDB data chunk at a time. Disposing it stops the query.</summary>
internal abstract class RowReader : IDisposable
{
    public abstract void Dispose();
}
