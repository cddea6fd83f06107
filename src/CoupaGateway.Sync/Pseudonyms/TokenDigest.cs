namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>HMAC-SHA-256 (RFC 2104) under one key of 32 bytes, which is taken in once: a short value costs two blocks.</summary>
internal sealed class TokenDigest
{
    private readonly Sha256State _inner;
    private readonly Sha256State _outer;

    public TokenDigest(ReadOnlySpan<byte> key)
    {
        if (key.Length > Sha256State.BlockBytes)
            throw new ArgumentException("A longer key would have to be digested first.", nameof(key));

        _inner = Start(key, 0x36);
        _outer = Start(key, 0x5c);
    }

    /// <param name="digest">Takes <see cref="Sha256State.DigestBytes"/>.</param>
    public void Compute(ReadOnlySpan<byte> value, Span<byte> digest)
    {
        var state = _inner;
        state.Finish(value, Sha256State.BlockBytes + value.Length, digest);
        state = _outer;
        state.Finish(digest[..Sha256State.DigestBytes], Sha256State.BlockBytes + Sha256State.DigestBytes, digest);
    }

    private static Sha256State Start(ReadOnlySpan<byte> key, byte pad)
    {
        Span<byte> block = stackalloc byte[Sha256State.BlockBytes];
        block.Fill(pad);
        for (var i = 0; i < key.Length; i++)
            block[i] ^= key[i];

        var state = Sha256State.Initial;
        state.Add(block);
        return state;
    }
}
