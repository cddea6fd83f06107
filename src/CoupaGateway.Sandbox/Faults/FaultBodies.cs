using System.IO.Compression;
using System.Text;

namespace CoupaGateway.Sandbox.Faults;

/// <summary>Bodies that are too much for whoever reads them whole. They are sent piece by piece, until the client gives up.</summary>
internal static class FaultBodies
{
    private const long HugeBytes = 10L << 30;
    private const int DeepLevels = 10_000;
    private const int PieceBytes = 1 << 20;

    /// <summary>The records of a page again and again, without end.</summary>
    public static async Task EndlessAsync(Stream stream, byte[] page, CancellationToken stop)
    {
        await stream.WriteAsync("["u8.ToArray(), stop);
        while (true)
        {
            await stream.WriteAsync(RecordsOf(page), stop);
            await stream.WriteAsync(","u8.ToArray(), stop);
            await stream.FlushAsync(stop);
        }
    }

    /// <summary>The same, for as long as the announced length goes.</summary>
    public static async Task HugeAsync(HttpResponse response, byte[] page, CancellationToken stop)
    {
        // Compressed it would have no length.
        response.Headers.ContentEncoding = "identity";
        response.ContentLength = HugeBytes;
        var piece = new byte[PieceBytes];
        piece.AsSpan().Fill((byte)' ');
        piece[0] = (byte)'[';
        RecordsOf(page).Span[..Math.Min(page.Length - 2, PieceBytes - 1)].CopyTo(piece.AsSpan(1));
        for (var left = HugeBytes; left > 0; left -= PieceBytes)
            await response.Body.WriteAsync(piece, stop);
    }

    public static async Task GzipBombAsync(HttpResponse response, CancellationToken stop)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ContentEncoding = "gzip";
        var blanks = new byte[PieceBytes];
        blanks.AsSpan().Fill((byte)' ');
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Optimal, leaveOpen: true);
        for (var left = HugeBytes; left > 0; left -= PieceBytes)
            await gzip.WriteAsync(blanks, stop);
    }

    public static Task DeepAsync(HttpResponse response, CancellationToken stop)
    {
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync($$"""[{"id":1,"tags":{{new string('[', DeepLevels)}}{{new string(']', DeepLevels)}}}]""", Encoding.UTF8, stop);
    }

    private static ReadOnlyMemory<byte> RecordsOf(byte[] page) => page.Length > 2 ? page.AsMemory(1, page.Length - 2) : "{\"id\":1}"u8.ToArray();
}
