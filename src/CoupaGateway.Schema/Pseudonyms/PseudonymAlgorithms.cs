using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>Names and traits of the algorithms.</summary>
public static class PseudonymAlgorithms
{
    private static readonly ImmutableArray<(string Name, PseudonymAlgorithm Algorithm)> All =
    [
        ("hmac-sha-256", PseudonymAlgorithm.HmacSha256),
        ("sha-1", PseudonymAlgorithm.Sha1),
        ("sha-256", PseudonymAlgorithm.Sha256),
        ("sha-512", PseudonymAlgorithm.Sha512),
        ("sha-256-salted", PseudonymAlgorithm.Sha256Salted),
        ("sha-512-salted", PseudonymAlgorithm.Sha512Salted),
        ("redact", PseudonymAlgorithm.Redact),
        ("null", PseudonymAlgorithm.Null),
        ("truncate", PseudonymAlgorithm.Truncate),
        ("date-to-month", PseudonymAlgorithm.DateToMonth),
        ("date-to-year", PseudonymAlgorithm.DateToYear),
        ("email-domain", PseudonymAlgorithm.EmailDomain),
        ("id-permutation", PseudonymAlgorithm.IdPermutation),
        ("keep", PseudonymAlgorithm.Keep),
    ];

    private static readonly FrozenDictionary<string, PseudonymAlgorithm> ByName = All.ToFrozenDictionary(static entry => entry.Name, static entry => entry.Algorithm);
    private static readonly FrozenDictionary<PseudonymAlgorithm, string> Texts = All.ToFrozenDictionary(static entry => entry.Algorithm, static entry => entry.Name);

    /// <summary>The names that rules and options use.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(static entry => entry.Name)];

    public static bool TryParse(string? name, out PseudonymAlgorithm algorithm) => ByName.TryGetValue(name ?? "", out algorithm);

    /// <summary>The name that rules and options use.</summary>
    public static string NameOf(PseudonymAlgorithm algorithm) => Texts[algorithm];

    /// <summary>Whether the algorithm may be a connection's default: it gives one token for one value, whatever the value.</summary>
    public static bool CanBeDefault(PseudonymAlgorithm algorithm) => IsToken(algorithm) && algorithm != PseudonymAlgorithm.IdPermutation;

    /// <summary>Whether the results are tokens: equal for equal values, without an order or parts that mean anything.</summary>
    public static bool IsToken(PseudonymAlgorithm algorithm) => algorithm is PseudonymAlgorithm.HmacSha256 or PseudonymAlgorithm.IdPermutation || IsDigest(algorithm);

    /// <summary>Whether the algorithm is a plain or salted digest, which knows no domains.</summary>
    public static bool IsDigest(PseudonymAlgorithm algorithm) =>
        IsSalted(algorithm) || algorithm is PseudonymAlgorithm.Sha1 or PseudonymAlgorithm.Sha256 or PseudonymAlgorithm.Sha512;

    /// <summary>Whether the algorithm needs the connection's key.</summary>
    public static bool IsKeyed(PseudonymAlgorithm algorithm) => algorithm is PseudonymAlgorithm.HmacSha256 or PseudonymAlgorithm.EmailDomain or PseudonymAlgorithm.IdPermutation;

    /// <summary>Whether the algorithm needs the connection's salt.</summary>
    public static bool IsSalted(PseudonymAlgorithm algorithm) => algorithm is PseudonymAlgorithm.Sha256Salted or PseudonymAlgorithm.Sha512Salted;
}
