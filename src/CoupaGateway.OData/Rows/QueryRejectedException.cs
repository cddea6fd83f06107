namespace CoupaGateway.OData.Rows;

/// <summary>A query that the engine declined or gave up. The message is fit for the caller: no SQL, no file names, no values of rows.</summary>
internal sealed class QueryRejectedException(QueryRejection reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public QueryRejection Reason { get; } = reason;
}
