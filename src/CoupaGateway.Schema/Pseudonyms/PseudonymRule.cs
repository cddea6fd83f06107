using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>What to do with the columns that one of its targets names.</summary>
public sealed record PseudonymRule
{
    /// <summary>Names the rule in reports. A rule of the customer's replaces the built-in rule of the same name.</summary>
    public required string Name { get; init; }

    /// <summary>The columns; a column of any of these targets is meant. Empty for a rule that only switches a built-in one on or off.</summary>
    public ImmutableArray<PseudonymTarget> Targets { get; init; } = [];

    /// <summary>What is done; null for the connection's default algorithm.</summary>
    public PseudonymAlgorithm? Algorithm { get; init; }

    /// <summary>Domain of the tokens, as <c>user.login</c>; null for the rule's name. Ignored by algorithms without domains.</summary>
    public string? Domain { get; init; }

    /// <summary>Characters that <see cref="PseudonymAlgorithm.Truncate"/> leaves: 1 to 100.</summary>
    public int? Length { get; init; }

    /// <summary>Whether the rule counts. The default is true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether the gateway brings the rule along.</summary>
    public bool IsBuiltIn { get; init; }
}
