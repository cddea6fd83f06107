using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>A property of the rows between two steps of <c>$apply</c>.</summary>
/// <param name="Value">The property of the row <see cref="RowReference.MainAlias"/>.</param>
/// <param name="IsDynamic">Whether the request has made it up.</param>
internal sealed record RelationColumn(string Name, SqlFragment Value, bool IsDynamic);
