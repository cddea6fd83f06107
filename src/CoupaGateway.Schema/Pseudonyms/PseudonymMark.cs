using System.Globalization;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>What is done to the values of a column before they are stored, and by what. Holds no secret.</summary>
public sealed record PseudonymMark
{
    public required PseudonymAlgorithm Algorithm { get; init; }

    /// <summary>Values of one domain have one token; tokens of different domains have nothing in common. Null where the algorithm knows no domains.</summary>
    public string? Domain { get; init; }

    /// <summary>Version of the key; null where the algorithm has none, or while the connection has no key.</summary>
    public int? KeyVersion { get; init; }

    /// <summary>Tells one key or salt from another without giving it away; null where none is used, or while the connection has none.</summary>
    public string? SecretCheck { get; init; }

    /// <summary>Characters that <see cref="PseudonymAlgorithm.Truncate"/> leaves.</summary>
    public int? Length { get; init; }

    /// <summary>The type of the column before it was marked: how its values are read.</summary>
    public ColumnType SourceType { get; init; }

    /// <summary>Name of the rule that decided. Not part of what the mark means.</summary>
    public required string Rule { get; init; }

    /// <summary>Whether the column holds tokens: equal for equal values, without an order or parts that mean anything.</summary>
    public bool IsToken => PseudonymAlgorithms.IsToken(Algorithm);

    /// <summary>
    /// Whether values that were stored under this signature can be served as the column until it is loaded again: they are the same, or tokens of the same
    /// domain made with another key. Anything else, above all clear text, cannot.
    /// </summary>
    public bool Accepts(string stored) => stored == Signature || IsOtherKeyOf(stored);

    /// <summary>Whether values that were stored under this signature are tokens of the same domain, made with another key or salt.</summary>
    public bool IsOtherKeyOf(string stored) => IsToken && stored != Signature && stored.StartsWith(Family, StringComparison.Ordinal);

    private string Family => $"{PseudonymAlgorithms.NameOf(Algorithm)}:{Domain}:";

    /// <summary>Says what was done to stored values, in a form that can be compared: <c>hmac-sha-256:user.login:1:90c3f2a1</c>.</summary>
    public string Signature => WithLength(string.Create(CultureInfo.InvariantCulture, $"{Family}{KeyVersion}:{SecretCheck}"));

    /// <summary>The same but for the key: what readers are told, who take tokens of one key as they take those of another.</summary>
    public string Meaning => WithLength(Family);

    private string WithLength(string text) => Length is null ? text : string.Create(CultureInfo.InvariantCulture, $"{text}:{Length}");
}
