using System.Runtime.InteropServices;

namespace CoupaGateway.Sync.Flattening;

/// <summary>Hash of a key's bytes. Two keys with one hash only cost time: the bytes are compared too.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpellingKey
{
    private readonly int _length;
    private readonly int _hash;

    public SpellingKey(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        _length = key.Length;
        _hash = hash.ToHashCode();
    }
}
