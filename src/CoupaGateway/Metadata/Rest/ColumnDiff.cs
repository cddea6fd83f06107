namespace CoupaGateway.Metadata.Rest;

/// <summary>A column that became different.</summary>
/// <param name="Before">Type that it had.</param>
/// <param name="After">Type that it has.</param>
internal sealed record ColumnDiff(string Table, string Column, ColumnChange Change, string? Before, string? After);
