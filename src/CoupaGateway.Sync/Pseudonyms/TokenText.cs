namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// How tokens are spelled: <c>k01_</c> for the version of the key, then 128 bits in base 32 (RFC 4648, lower case, no padding). Always 30
/// characters, safe in URLs, and the same token whether a tool heeds case or not.
/// </summary>
internal static class TokenText
{
    /// <summary>Bytes of a digest that go into a token.</summary>
    public const int Bytes = 16;

    public const int Length = PrefixLength + 26;

    private const int PrefixLength = 4;

    private static ReadOnlySpan<byte> Alphabet => "abcdefghijklmnopqrstuvwxyz234567"u8;

    public static void WritePrefix(int version, Span<byte> token)
    {
        token[0] = (byte)'k';
        token[1] = (byte)('0' + (version / 10));
        token[2] = (byte)('0' + (version % 10));
        token[3] = (byte)'_';
    }

    /// <param name="digest">At least <see cref="Bytes"/>.</param>
    public static void WriteDigest(ReadOnlySpan<byte> digest, Span<byte> token)
    {
        var alphabet = Alphabet;
        uint bits = 0;
        var pending = 0;
        var at = PrefixLength;
        for (var i = 0; i < Bytes; i++)
        {
            bits = (bits << 8) | digest[i];
            for (pending += 8; pending >= 5; pending -= 5)
                token[at++] = alphabet[(int)(bits >> (pending - 5)) & 31];
        }

        token[at] = alphabet[(int)(bits << (5 - pending)) & 31];
    }
}
