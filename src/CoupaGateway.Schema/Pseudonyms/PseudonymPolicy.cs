using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>How a connection's personal data is treated. Holds no secret.</summary>
public sealed record PseudonymPolicy
{
    /// <summary>What rules without an algorithm of their own do. The default is <see cref="PseudonymAlgorithm.HmacSha256"/>.</summary>
    public PseudonymAlgorithm DefaultAlgorithm { get; init; } = PseudonymAlgorithm.HmacSha256;

    /// <summary>Whether the built-in rules and the safe default for customers' own fields count. The default is true.</summary>
    public bool UseBuiltInRules { get; init; } = true;

    /// <summary>The customer's rules.</summary>
    public ImmutableArray<PseudonymRule> Rules { get; init; } = [];

    /// <summary>Version of the key in force; null while there is none.</summary>
    public int? KeyVersion { get; init; }

    /// <summary>See <see cref="PseudonymMark.SecretCheck"/>: of the key in force.</summary>
    public string? KeyCheck { get; init; }

    /// <summary>See <see cref="PseudonymMark.SecretCheck"/>: of the salt.</summary>
    public string? SaltCheck { get; init; }
}
