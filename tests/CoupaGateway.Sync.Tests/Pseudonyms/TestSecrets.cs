using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Tests.Pseudonyms;

/// <summary>Keys and salt as the committed vectors have them, and columns marked for them.</summary>
internal static class TestSecrets
{
    public static PseudonymSecrets Of(params int[] versions) => new(
        versions.ToDictionary(static version => version, static _ => Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray()), "pepper-and-salt"u8.ToArray());

    public static PseudonymMark Mark(PseudonymAlgorithm algorithm, string? domain = null, ColumnType type = ColumnType.String, int? length = null, int version = 1) => new()
    {
        Algorithm = algorithm,
        Domain = domain,
        KeyVersion = PseudonymAlgorithms.IsKeyed(algorithm) ? version : null,
        SecretCheck = PseudonymAlgorithms.IsKeyed(algorithm) ? Of(version).CheckOfKey(version) : PseudonymAlgorithms.IsSalted(algorithm) ? Of(version).SaltCheck : null,
        Length = length,
        SourceType = type,
        Rule = "test",
    };

    public static ColumnSchema Marked(string name, PseudonymMark mark) =>
        TestSchemas.Field(name, mark.Algorithm == PseudonymAlgorithm.Null ? mark.SourceType : ColumnType.String) with { Pseudonym = mark };
}
