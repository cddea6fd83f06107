using System.Collections.Immutable;
using CoupaGateway.Connections;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Pseudonyms;

/// <summary>Marks the personal columns of a connection's schema.</summary>
internal static class ConnectionPseudonyms
{
    /// <summary>
    /// The schema with its marks. Without its secrets the columns are marked all the same, for a key that nobody has: such a schema can be read but
    /// not loaded.
    /// </summary>
    /// <param name="rules">Rules of the connection's custom metadata, beside those of its options.</param>
    /// <param name="problem">Why the secrets cannot be had; null when they can, or none are needed.</param>
    public static PseudonymResult Apply(ConnectionOptions connection, SchemaRevision schema, ImmutableArray<PseudonymRule> rules, out string? problem)
    {
        var options = connection.Pseudonymization;
        problem = null;
        try
        {
            var secrets = PseudonymKeyring.Open(options);
            var result = PseudonymRules.Apply(schema, WithRules(options.ToPolicy(secrets)));
            secrets.Verify(result.Schema.Tables);
            return result;
        }
        catch (PseudonymKeyException error)
        {
            problem = error.Message;
            return PseudonymRules.Apply(schema, WithRules(options.ToPolicy(PseudonymSecrets.None)));
        }

        PseudonymPolicy WithRules(PseudonymPolicy policy) => policy with { Rules = policy.Rules.AddRange(rules) };
    }
}
