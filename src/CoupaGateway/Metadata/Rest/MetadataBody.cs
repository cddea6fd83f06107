using System.Text;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata.Rest;

/// <summary>Reads documents as they are: what is wrong with one is told by its findings, not by a parser's exception.</summary>
internal static class MetadataBody
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="BadHttpRequestException">413: it is too large. 400: it is no UTF-8.</exception>
    public static async Task<string> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength >= MetadataLimits.Bytes)
            throw TooLarge();

        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read >= MetadataLimits.Bytes)
                throw TooLarge();
            body.Write(buffer, 0, read);
        }

        try
        {
            return Strict.GetString(body.GetBuffer(), 0, (int)body.Length);
        }
        catch (DecoderFallbackException error)
        {
            throw new BadHttpRequestException("The body is no UTF-8.", StatusCodes.Status400BadRequest, error);
        }
    }

    private static BadHttpRequestException TooLarge() => new("The document is too large.", StatusCodes.Status413PayloadTooLarge);
}
