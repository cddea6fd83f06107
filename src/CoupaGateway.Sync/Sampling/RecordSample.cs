using System.Collections.Immutable;

namespace CoupaGateway.Sync.Sampling;

/// <summary>What a few records of a resource became.</summary>
/// <param name="Records">Records that were looked at.</param>
/// <param name="Unusable">Those of them that could not be stored, because they are no objects or have no usable key.</param>
/// <param name="BadValues">Values that did not fit their columns.</param>
/// <param name="UntakenKeys">JSON keys of the records that no column takes, as paths with dots; no values.</param>
public sealed record RecordSample(int Records, long Unusable, long BadValues, ImmutableArray<SampledTable> Tables, ImmutableArray<string> UntakenKeys);
