using System.Collections.Immutable;

namespace CoupaGateway.Schema.Observed;

/// <summary>What one run saw.</summary>
/// <param name="Keys">Keys that no column takes, and those of observed columns.</param>
/// <param name="Overflow">Keys beyond those that a run remembers.</param>
/// <param name="Elements">How many elements of each table were looked at.</param>
public sealed record RunObservations(ImmutableArray<Observation> Keys, long Overflow, ImmutableDictionary<string, long> Elements)
{
    /// <summary>Whether the run looked at all records: what it did not see is gone.</summary>
    public bool IsComplete { get; init; }

    public static RunObservations None { get; } = new([], 0, ImmutableDictionary<string, long>.Empty);
}
