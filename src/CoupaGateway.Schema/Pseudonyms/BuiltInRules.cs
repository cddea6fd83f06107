using System.Collections.Immutable;
using System.Text.Json;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>The rules that every connection has without being told: the catalogue's personal data, by class and field.</summary>
public static class BuiltInRules
{
    /// <summary>Name under which customers' own fields are reported that no rule decides about.</summary>
    public const string CustomFields = "custom-fields";

    /// <summary>Domain of the tokens of such fields.</summary>
    public const string CustomDomain = "custom";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Lazy<ImmutableArray<PseudonymRule>> Loaded = new(Read);

    /// <summary>All of them; some are switched off until a customer wants them.</summary>
    public static ImmutableArray<PseudonymRule> All => Loaded.Value;

    private static ImmutableArray<PseudonymRule> Read()
    {
        using var stream = typeof(BuiltInRules).Assembly.GetManifestResourceStream($"{typeof(BuiltInRules).Namespace}.rules.json")!;
        return [.. JsonSerializer.Deserialize<RuleDefinition[]>(stream, Json)!.Select(static definition => definition.ToRule())];
    }
}
