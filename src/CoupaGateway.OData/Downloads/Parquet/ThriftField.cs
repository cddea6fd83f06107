namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>A field of a struct.</summary>
/// <param name="Value">bool, long (all integers), double, byte[] (binary and text), <see cref="ThriftList"/> or <see cref="ThriftStruct"/>.</param>
internal sealed record ThriftField(short Id, ThriftType Type, object Value);
