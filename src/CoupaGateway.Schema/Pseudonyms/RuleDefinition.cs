using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>A built-in rule, as <c>rules.json</c> has it.</summary>
internal sealed record RuleDefinition
{
    [JsonRequired]
    public string Name { get; init; } = "";

    public string? Algorithm { get; init; }

    public string? Domain { get; init; }

    public bool Enabled { get; init; } = true;

    [JsonRequired]
    public ImmutableArray<PseudonymTarget> Targets { get; init; } = [];

    public PseudonymRule ToRule() => new()
    {
        Name = Name,
        Targets = Targets,
        Algorithm = Algorithm is null ? null
            : PseudonymAlgorithms.TryParse(Algorithm, out var algorithm) ? algorithm
            : throw new InvalidDataException($"The rule {Name} names the unknown algorithm '{Algorithm}'."),
        Domain = Domain,
        Enabled = Enabled,
        IsBuiltIn = true,
    };
}
