using System.ComponentModel.DataAnnotations;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Pseudonyms;

/// <summary>How the personal data of a connection is treated, as a person writes it under <c>Connections:{name}:Pseudonymization</c>.</summary>
internal sealed class PseudonymOptions : IValidatableObject
{
    public const string Section = "Pseudonymization";

    /// <summary>What rules without an algorithm of their own do. The default is <c>hmac-sha-256</c>; the digests are for compatibility.</summary>
    public string Algorithm { get; set; } = PseudonymAlgorithms.NameOf(PseudonymAlgorithm.HmacSha256);

    /// <summary>The connection's keys. The one with the largest version is in force.</summary>
    public IList<PseudonymKeyOptions> Keys { get; set; } = [];

    /// <summary>What salted digests begin with: at least 8 bytes.</summary>
    public SecretOptions Salt { get; set; } = new();

    /// <summary>Whether the built-in rules count, and customers' own text fields are replaced unless a rule keeps them. The default is true.</summary>
    public bool BuiltInRules { get; set; } = true;

    /// <summary>The customer's rules. One with the name of a built-in rule changes that.</summary>
    public IList<PseudonymRuleOptions> Rules { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Problems().Select(static problem => new ValidationResult($"{Section}: {problem}.", [Section]));

    /// <summary>What the rules make of a schema that cannot be: those that contradict each other or would break keys. Only for valid options.</summary>
    public IEnumerable<string> ProblemsWith(SchemaRevision schema) => PseudonymRules.Apply(schema, ToPolicy(PseudonymSecrets.None)).Report.Problems;

    /// <summary>The policy that the options stand for. Only for valid options.</summary>
    public PseudonymPolicy ToPolicy(PseudonymSecrets secrets) => new()
    {
        DefaultAlgorithm = PseudonymAlgorithms.TryParse(Algorithm, out var algorithm) ? algorithm : throw new InvalidOperationException("The options have to be valid."),
        UseBuiltInRules = BuiltInRules,
        Rules = [.. Rules.Select(static rule => rule.ToRule())],
        KeyVersion = secrets.CurrentVersion,
        KeyCheck = secrets.CurrentVersion is { } version ? secrets.CheckOfKey(version) : null,
        SaltCheck = secrets.SaltCheck,
    };

    private IEnumerable<string> Problems()
    {
        if (!PseudonymAlgorithms.TryParse(Algorithm, out var algorithm) || !PseudonymAlgorithms.CanBeDefault(algorithm))
        {
            var names = PseudonymAlgorithms.Names.Where(static name => PseudonymAlgorithms.TryParse(name, out var one) && PseudonymAlgorithms.CanBeDefault(one));
            yield return $"the Algorithm '{Algorithm}' is none that a connection can have: give {string.Join(", ", names)}";
        }

        foreach (var key in Keys)
        {
            if (key.Version is < 1 or > PseudonymSecrets.LargestVersion)
                yield return $"a key has the Version {key.Version}; versions go from 1 to {PseudonymSecrets.LargestVersion}";
            if (key.Problem is { } problem)
                yield return $"the key of version {key.Version}: {problem}";
        }

        foreach (var twice in Keys.CountBy(static key => key.Version).Where(static version => version.Value > 1))
            yield return $"there are {twice.Value} keys of version {twice.Key}";
        if (Salt.IsGiven && Salt.Problem is { } saltProblem)
            yield return $"the Salt: {saltProblem}";

        foreach (var rule in Rules)
        {
            foreach (var problem in rule.Validate())
                yield return $"the rule '{rule.Name}' {problem}";
        }

        foreach (var twice in Rules.CountBy(static rule => rule.Name, StringComparer.Ordinal).Where(static name => name.Value > 1))
            yield return $"there are {twice.Value} rules named '{twice.Key}'";
    }
}
