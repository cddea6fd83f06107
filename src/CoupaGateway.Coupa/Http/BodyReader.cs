using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Http;

/// <summary>Reads an answer into pooled memory, never more than allowed, whatever headers and compression promise.</summary>
internal static class BodyReader
{
    private const int FirstSize = 64 * 1024;
    private const int LargestFirstSize = 1024 * 1024;

    /// <exception cref="CoupaException">The body is larger than <paramref name="maxBytes"/>.</exception>
    public static async Task<PooledBody> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        // The announced length is a hint for the first array only: a liar gets no more than a megabyte from us before it has sent something.
        var announced = content.Headers.ContentLength ?? FirstSize;
        if (announced > maxBytes)
            throw TooLarge(maxBytes);

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(announced, 1) + 1, LargestFirstSize));
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, length, maxBytes);

                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    break;

                length += read;
                if (length > maxBytes)
                    throw TooLarge(maxBytes);
            }

            var body = Wrap(buffer, length, maxBytes);
            buffer = null;
            return body;
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length, int maxBytes)
    {
        // One byte over the limit is enough to see that it is exceeded.
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length * 2L, maxBytes + 1L));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static PooledBody Wrap(byte[] buffer, int length, int maxBytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var start = buffer.AsSpan(0, length).StartsWith(mark) ? mark.Length : 0;
        var text = buffer.AsSpan(start, length - start);
        if (Utf8.IsValid(text))
            return new PooledBody(buffer, start, length - start);

        // Broken characters become U+FFFD here, so that they cost one value its letters and not the table its load.
        var repaired = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        if (repaired.Length > maxBytes)
            throw TooLarge(maxBytes);

        repaired.CopyTo(buffer = EnsureSize(buffer, repaired.Length), 0);
        return new PooledBody(buffer, 0, repaired.Length);
    }

    // The caller's array is simply left to the garbage collector in the rare case that it is too small.
    private static byte[] EnsureSize(byte[] buffer, int size) => buffer.Length >= size ? buffer : ArrayPool<byte>.Shared.Rent(size);

    private static CoupaException TooLarge(int maxBytes) =>
        new(CoupaFailure.BodyTooLarge, $"Coupa's answer is larger than the limit of {maxBytes} bytes (MaxBodyBytes). Read fewer fields or smaller pages.");
}
