using System.Collections.Immutable;

namespace CoupaGateway.Metadata.Rest;

/// <summary>What a few records of one resource would be.</summary>
/// <param name="Table">The API table.</param>
/// <param name="Records">Records that were looked at, the newest of the tenant.</param>
/// <param name="Unusable">Those of them that would be left out, having no usable key.</param>
/// <param name="BadValues">Values that do not fit the types of their columns, and would be null.</param>
/// <param name="UntakenKeys">Keys of the records that no column takes, as paths; found in what the instance gives by default.</param>
internal sealed record PreviewResource(string Table, int Records, long Unusable, long BadValues, ImmutableArray<PreviewTable> Tables, ImmutableArray<string> UntakenKeys);
