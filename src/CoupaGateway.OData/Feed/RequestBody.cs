using CoupaGateway.OData.Errors;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Feed;

/// <summary>Reads bodies of requests, which are small, into memory.</summary>
internal static class RequestBody
{
    private const int BufferBytes = 16 * 1024;

    /// <returns>The body, at its beginning.</returns>
    /// <exception cref="FeedException">413: it is larger than <paramref name="most"/> bytes.</exception>
    public static async Task<MemoryStream> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
            throw TooLarge(most);

        var body = new MemoryStream();
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > most)
                throw TooLarge(most);
            body.Write(buffer, 0, read);
        }

        body.Position = 0;
        return body;
    }

    private static FeedException TooLarge(int most) =>
        new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooComplex, $"The body of the request is larger than {most} bytes.", "body");
}
