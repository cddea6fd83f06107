using CoupaGateway.Schema.Observed;

namespace CoupaGateway.Connections;

/// <summary>What becomes of keys that records have and the schema lacks, as a person writes it under <c>Connections:{name}:ObservedColumns</c>.</summary>
internal sealed record ObservedColumnOptions
{
    /// <summary>Of the customer's own fields: <c>add</c> makes columns of them, <c>ignore</c> only tells, <c>fail</c> stops the load. The default is <c>add</c>.</summary>
    public string CustomFields { get; set; } = "add";

    /// <summary>Of all other keys, as <see cref="CustomFields"/>. The default is <c>ignore</c>.</summary>
    public string Others { get; set; } = "ignore";

    /// <summary>What is wrong, each in a sentence.</summary>
    public IEnumerable<string> Problems()
    {
        if (!TryParse(CustomFields, out _))
            yield return $"ObservedColumns:CustomFields '{CustomFields}' is not known: give {Names}.";
        if (!TryParse(Others, out _))
            yield return $"ObservedColumns:Others '{Others}' is not known: give {Names}.";
    }

    /// <summary>The policy; only for valid options.</summary>
    public ObservedPolicy ToPolicy() => TryParse(CustomFields, out var custom) && TryParse(Others, out var others)
        ? new ObservedPolicy(custom, others)
        : throw new InvalidOperationException("The options have to be valid.");

    private const string Names = "add, ignore or fail";

    private static bool TryParse(string text, out ObservedAction action) => Enum.TryParse(text, ignoreCase: true, out action) && !int.TryParse(text, out _);
}
