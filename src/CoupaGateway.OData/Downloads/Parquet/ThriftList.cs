namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>A list or set of values of one type.</summary>
internal sealed record ThriftList(ThriftType ElementType, IReadOnlyList<object> Items);
