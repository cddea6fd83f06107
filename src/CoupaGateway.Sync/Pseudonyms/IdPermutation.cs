using System.Buffers.Binary;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// Another number for each of 0 to 2^53 - 1, and back: a keyed permutation of the numbers that JSON's readers take exactly. Not safe for several threads at once.
/// </summary>
/// <remarks>
/// An alternating Feistel network of ten rounds over halves of 26 and 27 bits, the form of FF1 (NIST SP 800-38G, section 5.1) with radix 2; the round function is HMAC-SHA-256 of the
/// round's number (one byte) and the other half (four bytes, the highest first), of which the first four bytes count. See docs/decisions/0019-ids-as-pseudonyms.md.
/// </remarks>
internal sealed class IdPermutation(ReadOnlySpan<byte> key)
{
    /// <summary>The largest number that has another one.</summary>
    public const long Largest = (1L << (LowBits + HighBits)) - 1;

    private const int LowBits = 27;
    private const int HighBits = 26;
    private const int Rounds = 10;

    /// <summary>Numbers that are remembered, in 64 kB: those of users come again and again.</summary>
    private const int CacheSlots = 4_096;

    private readonly TokenDigest _hash = new(key);
    private readonly (long Id, long Token)[] _cache = NewCache();
    private readonly byte[] _input = new byte[5];
    private readonly byte[] _digest = new byte[Sha256State.DigestBytes];

    /// <summary>Whether the number has another one.</summary>
    public static bool Contains(long id) => id is >= 0 and <= Largest;

    /// <param name="id">A number that <see cref="Contains"/> allows.</param>
    public long Permute(long id)
    {
        ref var slot = ref _cache[id & (CacheSlots - 1)];
        if (slot.Id != id || !Contains(id))
            slot = (id, Compute(id));
        return slot.Token;
    }

    /// <summary>The number that <see cref="Permute"/> makes this one of.</summary>
    /// <param name="token">A number that <see cref="Contains"/> allows.</param>
    public long Invert(long token)
    {
        var (left, right) = Split(token);
        for (var round = Rounds - 1; round >= 0; round--)
            (left, right) = ((right - Function(round, left)) & Mask(round), left);
        return Join(left, right);
    }

    private long Compute(long id)
    {
        var (left, right) = Split(id);
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, (left + Function(round, right)) & Mask(round));
        return Join(left, right);
    }

    /// <summary>Even rounds change the half of 26 bits, odd ones that of 27; after an even number of rounds each is where it was.</summary>
    private static uint Mask(int round) => (1u << (round % 2 == 0 ? HighBits : LowBits)) - 1;

    private static (uint Left, uint Right) Split(long value)
    {
        if (!Contains(value))
            throw new ArgumentOutOfRangeException(nameof(value), "The number is none of 0 to 2^53 - 1.");
        return ((uint)(value >> LowBits), (uint)(value & ((1L << LowBits) - 1)));
    }

    private static long Join(uint left, uint right) => ((long)left << LowBits) | right;

    private uint Function(int round, uint half)
    {
        _input[0] = (byte)round;
        BinaryPrimitives.WriteUInt32BigEndian(_input.AsSpan(1), half);
        _hash.Compute(_input, _digest);
        return BinaryPrimitives.ReadUInt32BigEndian(_digest);
    }

    private static (long Id, long Token)[] NewCache()
    {
        var cache = new (long Id, long Token)[CacheSlots];
        Array.Fill(cache, (long.MinValue, 0));
        return cache;
    }
}
