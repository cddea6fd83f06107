namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// Makes the tokens of one domain: the first 128 bits of HMAC-SHA-256, under the domain's key, of the normalized value. Not safe for several
/// threads at once.
/// </summary>
internal sealed class Tokenizer
{
    /// <summary>Repeated values that are remembered, in 389 kB.</summary>
    public const int CacheSlots = 4_096;

    private readonly TokenDigest _hash;
    private readonly Normalizer _normalizer;
    private readonly TokenCache? _cache;
    private readonly byte[] _token = new byte[TokenText.Length];
    private readonly byte[] _digest = new byte[Sha256State.DigestBytes];
    private readonly int _version;

    public Tokenizer(PseudonymSecrets secrets, int version, string domain, bool useCache = true)
    {
        _hash = new TokenDigest(secrets.DeriveKey(version, domain));
        _normalizer = new Normalizer(domain);
        _cache = useCache ? new TokenCache(CacheSlots) : null;
        _version = version;
        TokenText.WritePrefix(version, _token);
    }

    /// <summary>The token of a value; empty for one that is empty once it is normalized.</summary>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Tokenize(ReadOnlySpan<byte> value)
    {
        value = _normalizer.Normalize(value);
        if (value.IsEmpty)
            return [];

        var token = _token.AsSpan();
        if (_cache is not null)
        {
            var place = _cache.Find(value, out var known);
            if (known)
                return place;
            if (!place.IsEmpty)
                token = place;
        }

        _hash.Compute(value, _digest);
        TokenText.WritePrefix(_version, token);
        TokenText.WriteDigest(_digest, token);
        return token;
    }
}
