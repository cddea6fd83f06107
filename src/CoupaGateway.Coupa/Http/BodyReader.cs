using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Http;

/// <summary>Reads an answer, never more than allowed, whatever headers and compression promise.</summary>
internal static class BodyReader
{
    // Small enough for the shared pool to keep only few megabytes of them.
    private const int PieceSize = 64 * 1024;

    // Many pages are read at once. Of those that are much larger than pages are, few: the others wait where they are.
    private const int LargeBytes = 4 << 20;
    private const int LargeAtOnce = 2;

    private static readonly SemaphoreSlim Large = new(LargeAtOnce);

    /// <exception cref="CoupaException">The body is larger than <paramref name="maxBytes"/>.</exception>
    public static async Task<ResponseBody> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
            throw TooLarge(maxBytes);

        // The length is known at the end only: the body is unpacked on the way, and an announced length may be a lie.
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var pieces = new List<byte[]>();
        var (isLarge, isTooLarge) = (false, false);
        try
        {
            var length = 0;
            while (true)
            {
                if (length > LargeBytes && !isLarge)
                {
                    await Large.WaitAsync(cancellationToken);
                    isLarge = true;
                }

                if (length == pieces.Count * PieceSize)
                    pieces.Add(ArrayPool<byte>.Shared.Rent(PieceSize));

                var read = await stream.ReadAsync(pieces[^1].AsMemory(length % PieceSize, PieceSize - (length % PieceSize)), cancellationToken);
                if (read == 0)
                    return new ResponseBody(Clean(Join(pieces, length), maxBytes));

                length += read;
                isTooLarge = length > maxBytes;
                if (isTooLarge)
                    throw TooLarge(maxBytes);
            }
        }
        finally
        {
            pieces.ForEach(static piece => ArrayPool<byte>.Shared.Return(piece));
            pieces.Clear();

            // The pool keeps little of it, and the collector is in no hurry as long as the machine has memory: one such body after the other would pile up.
            if (isTooLarge)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);

            if (isLarge)
                Large.Release();
        }
    }

    private static byte[] Join(List<byte[]> pieces, int length)
    {
        var whole = GC.AllocateUninitializedArray<byte>(length);
        for (var start = 0; start < length; start += PieceSize)
            pieces[start / PieceSize].AsSpan(0, Math.Min(PieceSize, length - start)).CopyTo(whole.AsSpan(start));

        return whole;
    }

    private static ReadOnlyMemory<byte> Clean(byte[] bytes, int maxBytes)
    {
        ReadOnlyMemory<byte> text = bytes;
        if (text.Span.StartsWith("\uFEFF"u8))
            text = text[3..];

        if (Utf8.IsValid(text.Span))
            return text;

        // Broken characters become U+FFFD here, so that they cost one value its letters and not the table its load.
        var repaired = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Span));
        return repaired.Length > maxBytes ? throw TooLarge(maxBytes) : repaired;
    }

    private static CoupaException TooLarge(int maxBytes) =>
        new(CoupaFailure.BodyTooLarge, $"Coupa's answer is larger than the limit of {maxBytes} bytes (MaxBodyBytes). Read fewer fields or smaller pages.");
}
