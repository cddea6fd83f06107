using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Pseudonyms;

/// <summary>A rule of the customer's, as a person writes it. Meanings are those of <see cref="PseudonymRule"/> and <see cref="PseudonymTarget"/>.</summary>
internal sealed class PseudonymRuleOptions
{
    private const int LongestTruncation = 100;

    /// <summary>Name of the rule; that of a built-in rule changes it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Table of the columns, <c>*</c> for any part of the name.</summary>
    public string? Table { get; set; }

    /// <summary>Column, <c>*</c> for any part of the name.</summary>
    public string? Column { get; set; }

    /// <summary>Class of the object that has the field: <c>UserSimple</c>.</summary>
    public string? Class { get; set; }

    /// <summary>JSON key of the field in its class.</summary>
    public string? Field { get; set; }

    /// <summary>JSON keys from the record down to the value with dots between: <c>invoice-lines.created-by.login</c>.</summary>
    public string? Path { get; set; }

    /// <summary>What is done; empty for the connection's algorithm.</summary>
    public string? Algorithm { get; set; }

    /// <summary>Columns of one domain have the same token for the same value.</summary>
    public string? Domain { get; set; }

    /// <summary>Characters that <c>truncate</c> leaves: 1 to 100.</summary>
    public int? Length { get; set; }

    /// <summary>Whether the rule counts. The default is true.</summary>
    public bool Enabled { get; set; } = true;

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return "has no Name";
        if (!string.IsNullOrEmpty(Algorithm) && !PseudonymAlgorithms.TryParse(Algorithm, out _))
            yield return $"names the unknown Algorithm '{Algorithm}'; there are {string.Join(", ", PseudonymAlgorithms.Names)}";
        if (Algorithm == PseudonymAlgorithms.NameOf(PseudonymAlgorithm.Truncate) ? Length is not (>= 1 and <= LongestTruncation) : Length is not null)
            yield return $"needs a Length of 1 to {LongestTruncation} with truncate, and none otherwise";
        if (Target.IsEmpty && !BuiltInRules.All.Any(rule => rule.Name == Name))
            yield return "names no Table, Column, Class, Field or Path";
        if (Class?.Contains('*', StringComparison.Ordinal) == true)
            yield return "has a wildcard in Class, which takes none";
        if (Domain is not null && (Domain.Length is 0 or > 100 || Domain.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-'))))
            yield return "has a Domain that is not 1 to 100 letters, digits, dots and hyphens";
    }

    /// <summary>The rule; only for valid options.</summary>
    public PseudonymRule ToRule() => new()
    {
        Name = Name,
        Targets = Target.IsEmpty ? [] : [Target],
        Algorithm = PseudonymAlgorithms.TryParse(Algorithm, out var algorithm) ? algorithm : null,
        Domain = Domain,
        Length = Length,
        Enabled = Enabled,
    };

    private PseudonymTarget Target => new()
    {
        Table = Given(Table),
        Column = Given(Column),
        Class = Given(Class),
        Field = Given(Field),
        Path = Given(Path),
    };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
