using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>How the rows of a navigation property stand in the row above.</summary>
/// <param name="IsCollection">Whether as an array; else as one object or null.</param>
/// <param name="Limit">Rows of an array; a link leads to those beyond.</param>
/// <param name="Key">Indexes into the columns of the row above of its key, in key order.</param>
/// <param name="LinkStart">What a link begins with: the address of the entity set above. Its key follows in parentheses.</param>
/// <param name="LinkEnd">What follows them.</param>
internal sealed record NestedFormat(string Name, bool IsCollection, long Limit, ImmutableArray<int> Key, string LinkStart, string LinkEnd);
