using System.Security.Cryptography;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>The plain and salted digests: the lower-case hexadecimal digest of the salt, if any, followed by the value as it came, both as bytes.</summary>
internal sealed class DigestAlgorithm : IValueAlgorithm, IDisposable
{
    private readonly IncrementalHash _hash;
    private readonly byte[] _salt;
    private readonly byte[] _digest;
    private readonly byte[] _text;

    public DigestAlgorithm(HashAlgorithmName algorithm, ReadOnlySpan<byte> salt)
    {
        _hash = IncrementalHash.CreateHash(algorithm);
        _salt = salt.ToArray();
        _digest = new byte[_hash.HashLengthInBytes];
        _text = new byte[_digest.Length * 2];
    }

    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        _hash.AppendData(_salt);
        _hash.AppendData(value);
        _hash.GetHashAndReset(_digest);
        Convert.TryToHexStringLower(_digest, _text, out _);
        result = _text;
        return ValueOutcome.Stored;
    }

    public void Dispose() => _hash.Dispose();
}
