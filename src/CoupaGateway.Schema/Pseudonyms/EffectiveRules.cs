using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>The rules that count for a policy: the customer's, and the built-in ones that the customer has not replaced.</summary>
internal static class EffectiveRules
{
    public static ImmutableArray<PseudonymRule> Of(PseudonymPolicy policy)
    {
        if (!policy.UseBuiltInRules)
            return policy.Rules;

        var own = policy.Rules.ToLookup(static rule => rule.Name, StringComparer.Ordinal);
        var builtIn = BuiltInRules.All.Select(rule => own[rule.Name].FirstOrDefault() is { } change ? Change(rule, change) : rule);
        var known = BuiltInRules.All.Select(static rule => rule.Name).ToHashSet(StringComparer.Ordinal);
        return [.. policy.Rules.Where(rule => !known.Contains(rule.Name)), .. builtIn];
    }

    /// <summary>Without targets of its own, a rule changes what the built-in one of its name does; with targets, it stands in its place.</summary>
    private static PseudonymRule Change(PseudonymRule builtIn, PseudonymRule change) => change.Targets.IsEmpty
        ? builtIn with
        {
            Enabled = change.Enabled,
            Algorithm = change.Algorithm ?? builtIn.Algorithm,
            Domain = change.Domain ?? builtIn.Domain,
            Length = change.Length,
        }
        : change;
}
