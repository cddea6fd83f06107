using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// The state of SHA-256 (FIPS 180-4) between two blocks. The platform's own digest cannot go on from a stored state, and a call to it costs more
/// than the two blocks of a token: docs/decisions/0003-token-digest.md. Only <see cref="TokenDigest"/> uses it.
/// </summary>
[InlineArray(Words)]
internal struct Sha256State
{
    public const int BlockBytes = 64;

    public const int DigestBytes = 32;

    private const int Words = 8;

    private uint _word;

    public static Sha256State Initial
    {
        get
        {
            Sha256State state = default;
            ReadOnlySpan<uint> words = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
            words.CopyTo(state);
            return state;
        }
    }

    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Takes in whole blocks.</summary>
    public void Add(ReadOnlySpan<byte> blocks)
    {
        for (; blocks.Length >= BlockBytes; blocks = blocks[BlockBytes..])
            AddBlock(blocks);
    }

    /// <summary>Takes in the end of a message and writes its digest.</summary>
    /// <param name="rest">What follows the blocks that were taken in.</param>
    /// <param name="total">Bytes of the whole message.</param>
    public void Finish(ReadOnlySpan<byte> rest, long total, Span<byte> digest)
    {
        var whole = rest.Length / BlockBytes * BlockBytes;
        Add(rest[..whole]);
        rest = rest[whole..];

        Span<byte> last = stackalloc byte[2 * BlockBytes];
        last = last[..(rest.Length + 9 <= BlockBytes ? BlockBytes : 2 * BlockBytes)];
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last[(rest.Length + 1)..^8].Clear();
        BinaryPrimitives.WriteInt64BigEndian(last[^8..], total * 8);
        Add(last);
        for (var i = 0; i < Words; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest[(i * 4)..], this[i]);
    }

    private void AddBlock(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (var i = 0; i < 16; i++)
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
        for (var i = 16; i < w.Length; i++)
        {
            var (before15, before2) = (w[i - 15], w[i - 2]);
            var low = BitOperations.RotateRight(before15, 7) ^ BitOperations.RotateRight(before15, 18) ^ (before15 >> 3);
            var high = BitOperations.RotateRight(before2, 17) ^ BitOperations.RotateRight(before2, 19) ^ (before2 >> 10);
            w[i] = w[i - 16] + low + w[i - 7] + high;
        }

        uint a = this[0], b = this[1], c = this[2], d = this[3], e = this[4], f = this[5], g = this[6], h = this[7];
        var k = Constants;
        for (var i = 0; i < w.Length; i += 8)
        {
            // Eight rounds at a time: each takes the roles of its letters one place on, so that nothing has to be moved.
            Round(a, b, c, ref d, e, f, g, ref h, w[i] + k[i]);
            Round(h, a, b, ref c, d, e, f, ref g, w[i + 1] + k[i + 1]);
            Round(g, h, a, ref b, c, d, e, ref f, w[i + 2] + k[i + 2]);
            Round(f, g, h, ref a, b, c, d, ref e, w[i + 3] + k[i + 3]);
            Round(e, f, g, ref h, a, b, c, ref d, w[i + 4] + k[i + 4]);
            Round(d, e, f, ref g, h, a, b, ref c, w[i + 5] + k[i + 5]);
            Round(c, d, e, ref f, g, h, a, ref b, w[i + 6] + k[i + 6]);
            Round(b, c, d, ref e, f, g, h, ref a, w[i + 7] + k[i + 7]);
        }

        (this[0], this[1], this[2], this[3]) = (this[0] + a, this[1] + b, this[2] + c, this[3] + d);
        (this[4], this[5], this[6], this[7]) = (this[4] + e, this[5] + f, this[6] + g, this[7] + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + (g ^ (e & (f ^ g))) + word;
        var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) | (c & (a | b)));
        d += first;
        h = first + second;
    }
}
