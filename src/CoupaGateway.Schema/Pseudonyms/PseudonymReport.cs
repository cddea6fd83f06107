using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>What the rules make of a schema.</summary>
public sealed record PseudonymReport
{
    public static PseudonymReport Empty { get; } = new();

    /// <summary>Every column that a rule decided about, also those that a rule keeps in clear.</summary>
    public ImmutableArray<ColumnCoverage> Columns { get; init; } = [];

    /// <summary>Names of the customer's rules that are switched on and match no column, in their order.</summary>
    public ImmutableArray<string> UnmatchedRules { get; init; } = [];

    /// <summary>Columns in clear that no rule decided about and whose names suggest personal data.</summary>
    public ImmutableArray<PersonalLook> LooksPersonal { get; init; } = [];

    /// <summary>Rules that contradict each other or would break keys, each with table, column and rule. The columns are covered as safely as possible.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];
}
