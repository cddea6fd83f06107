namespace CoupaGateway.Metadata.Rest;

/// <summary>A table or column that could be there and is not.</summary>
/// <param name="Column">Null for a whole table.</param>
/// <param name="Source">Who would have brought it: catalogue or custom.</param>
internal sealed record LeftOutResource(string Table, string? Column, string Source, string Reason);
