namespace CoupaGateway.Sandbox.Catalog;

/// <summary>A table of the rows of a nested array or object.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Path">The fields from the parent record to the rows; one, or two for allocations of lines.</param>
internal sealed record NestedTable(string Name, IReadOnlyList<ApiField> Path);
