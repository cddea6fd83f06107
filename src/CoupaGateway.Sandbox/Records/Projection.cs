namespace CoupaGateway.Sandbox.Records;

/// <summary>Which fields of a class are written, and for objects and arrays which of theirs.</summary>
/// <param name="Items">The fields in the order they are written.</param>
/// <param name="RootCustomFields">Names of the custom fields at the root; null for all.</param>
/// <param name="CustomFields">Names of the fields in <c>custom-fields</c>; null for all.</param>
internal sealed record Projection(
    IReadOnlyList<ProjectionItem> Items, IReadOnlySet<string>? RootCustomFields = null, IReadOnlySet<string>? CustomFields = null);
