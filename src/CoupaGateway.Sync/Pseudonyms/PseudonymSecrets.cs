using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>The keys and the salt of one connection. They live in this process only and are never written anywhere.</summary>
public sealed class PseudonymSecrets
{
    /// <summary>Least length of a key in bytes: that of the digest it drives.</summary>
    public const int LeastKeyBytes = 32;

    /// <summary>Least length of a salt in bytes.</summary>
    public const int LeastSaltBytes = 8;

    /// <summary>Largest version of a key: it has two digits in every token.</summary>
    public const int LargestVersion = 99;

    /// <summary>Largest id that can be replaced by another one; the least is 0.</summary>
    public const long LargestId = IdPermutation.Largest;

    private const int CheckBytes = 4;

    /// <summary>Keeps the keys of ids apart from those of tokens.</summary>
    private const string IdUse = "id";

    private readonly ImmutableSortedDictionary<int, byte[]> _keys;
    private readonly ImmutableDictionary<int, string> _keyChecks;
    private readonly byte[]? _salt;

    /// <param name="keys">Keys by version, 1 to <see cref="LargestVersion"/>.</param>
    /// <exception cref="PseudonymKeyException">A key or the salt is too short.</exception>
    public PseudonymSecrets(IReadOnlyDictionary<int, byte[]> keys, byte[]? salt = null)
    {
        foreach (var (version, key) in keys)
        {
            if (version is < 1 or > LargestVersion)
                throw new PseudonymKeyException($"A key has the version {version}; versions go from 1 to {LargestVersion}.");
            if (key.Length < LeastKeyBytes)
                throw new PseudonymKeyException($"The key of version {version} has {key.Length} bytes; it needs at least {LeastKeyBytes}, drawn by chance.");
        }

        if (salt is { Length: < LeastSaltBytes })
            throw new PseudonymKeyException($"The salt has {salt.Length} bytes; it needs at least {LeastSaltBytes}.");

        _keys = keys.ToImmutableSortedDictionary();
        _keyChecks = _keys.ToImmutableDictionary(static key => key.Key, static key => CheckOf(key.Value));
        _salt = salt;
        SaltCheck = salt is null ? null : CheckOf(salt);
    }

    public static PseudonymSecrets None { get; } = new(ImmutableDictionary<int, byte[]>.Empty);

    /// <summary>Versions of the keys, in order.</summary>
    public IEnumerable<int> Versions => _keys.Keys;

    /// <summary>Version of the key in force: the largest. Null without keys.</summary>
    public int? CurrentVersion => _keys.IsEmpty ? null : _keys.Keys.Last();

    /// <summary><see cref="PseudonymMark.SecretCheck"/> of the salt; null without one.</summary>
    public string? SaltCheck { get; }

    /// <summary><see cref="PseudonymMark.SecretCheck"/> of a key; null when there is no such version.</summary>
    public string? CheckOfKey(int version) => _keyChecks.GetValueOrDefault(version);

    /// <summary>The token of one value, as a load makes it; empty for an empty value.</summary>
    /// <exception cref="PseudonymKeyException">There is no key of this version.</exception>
    public string TokenOf(int version, string domain, string value) =>
        Encoding.ASCII.GetString(new Tokenizer(this, version, domain, useCache: false).Tokenize(Encoding.UTF8.GetBytes(value)));

    /// <summary>Whether another id can stand for this one.</summary>
    public static bool HasIdToken(long id) => IdPermutation.Contains(id);

    /// <summary>What stands for each of some ids, as a load makes it.</summary>
    /// <param name="ids">Each 0 to 2^53 - 1.</param>
    /// <exception cref="PseudonymKeyException">There is no key of this version.</exception>
    public ImmutableArray<long> IdTokensOf(int version, string domain, IEnumerable<long> ids) => [.. ids.Select(new IdPermutation(DeriveKey(version, domain, IdUse)).Permute)];

    /// <summary>Makes sure that these are the secrets that the marks of the tables tell of.</summary>
    /// <exception cref="PseudonymKeyException">One is missing or another one.</exception>
    public void Verify(IEnumerable<TableSchema> tables)
    {
        foreach (var mark in tables.SelectMany(static table => table.Columns).Select(static column => column.Pseudonym).OfType<PseudonymMark>())
        {
            if (PseudonymAlgorithms.IsKeyed(mark.Algorithm))
                VersionFor(mark);
            else if (PseudonymAlgorithms.IsSalted(mark.Algorithm))
                SaltFor(mark);
        }
    }

    public override string ToString() => $"secrets with {_keys.Count} keys"; // a debugger or a log shows no more

    /// <summary>The key that makes the tokens of one domain: HKDF-SHA-256 of the connection's key, bound to use, version and domain.</summary>
    /// <exception cref="PseudonymKeyException">There is no key of this version.</exception>
    internal byte[] DeriveKey(int version, string domain, string use = "token") => _keys.TryGetValue(version, out var key)
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, key, LeastKeyBytes, Purpose, Encoding.UTF8.GetBytes($"{use}/{version}/{domain}"))
        : throw new PseudonymKeyException($"There is no key of version {version}.");

    /// <summary>The permutation of a column's ids.</summary>
    /// <exception cref="PseudonymKeyException">The key is missing or another one.</exception>
    internal IdPermutation IdsOf(PseudonymMark mark) => new(DeriveKey(VersionFor(mark), mark.Domain!, IdUse));

    /// <summary>Version of the key that a mark needs.</summary>
    /// <exception cref="PseudonymKeyException">It is missing or another one.</exception>
    internal int VersionFor(PseudonymMark mark)
    {
        var version = mark.KeyVersion ?? throw new PseudonymKeyException("The connection has no key for pseudonyms: name one under Pseudonymization:Keys.");
        Check(mark, CheckOfKey(version), $"key of version {version}");
        return version;
    }

    /// <summary>The bytes that salted digests begin with.</summary>
    /// <exception cref="PseudonymKeyException">They are missing or others than the mark tells.</exception>
    internal ReadOnlySpan<byte> SaltFor(PseudonymMark mark)
    {
        Check(mark, SaltCheck, "salt");
        return _salt;
    }

    private static byte[] Purpose => "coupa-gateway/pseudonyms"u8.ToArray();

    private static string CheckOf(byte[] secret) => Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, CheckBytes, Purpose, "check"u8.ToArray()));

    /// <summary>A secret that was exchanged in its place would give new tokens to values that have others in the rows that stay.</summary>
    private static void Check(PseudonymMark mark, string? check, string secret)
    {
        if (check is null)
            throw new PseudonymKeyException($"The {secret} for pseudonyms is missing.");
        if (check != mark.SecretCheck)
            throw new PseudonymKeyException($"The {secret} for pseudonyms is not the one that the tables were built for; a new key needs a version of its own.");
    }
}
