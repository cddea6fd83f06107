using System.Collections.Immutable;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Flattening;

/// <summary>What was odd about the records read so far.</summary>
public sealed record FlattenFindings
{
    public static FlattenFindings None { get; } = new();

    /// <summary>Columns with values that did not fit, in the order of the tables.</summary>
    public ImmutableArray<BadValues> BadValues { get; init; } = [];

    /// <summary>API records that could not be stored, because they are no objects or have no usable key.</summary>
    public long UnusableRecords { get; init; }

    /// <summary>Where the first of those came in the order of reading, from 0.</summary>
    public ImmutableArray<long> UnusablePositions { get; init; } = [];

    /// <summary>API records that came more than once; the first was kept.</summary>
    public long DuplicateRecords { get; init; }

    /// <summary>Nested elements whose id came more than once under one parent; the first was kept.</summary>
    public long DuplicateElements { get; init; }

    /// <summary>Texts with characters that are no text, which were replaced by U+FFFD.</summary>
    public long RepairedTexts { get; init; }

    /// <summary>Columns whose values were replaced, with how many.</summary>
    public ImmutableArray<PseudonymCount> Pseudonyms { get; init; } = [];

    /// <summary>Columns in clear with values that look like personal data.</summary>
    public ImmutableArray<PersonalValues> PersonalValues { get; init; } = [];

    /// <summary>Keys that no column takes, and those of observed columns.</summary>
    public RunObservations Observed { get; init; } = RunObservations.None;

    public long BadValueCount => BadValues.Sum(static column => column.Count);
}
