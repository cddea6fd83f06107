using System.Text;
using CoupaGateway.OData.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Feed;

/// <summary>
/// The body of <c>POST …/$query</c>: the query part of a URL, for queries that are too long for one (OData URL Conventions 4.01, section 5.6). What the URL
/// has itself holds, too.
/// </summary>
internal static class QueryBody
{
    private const string PlainText = "text/plain";

    /// <returns>The query of URL and body together.</returns>
    /// <exception cref="FeedException">The body is no plain text in UTF-8, or one that is too long.</exception>
    public static async Task<string> ReadAsync(HttpRequest request, FeedOptions options, CancellationToken cancellationToken)
    {
        if (!IsPlainText(request.ContentType))
        {
            throw new FeedException(
                StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, $"The body of $query is {PlainText} in UTF-8: what would stand after the question mark of a URL.", HeaderNames.ContentType);
        }

        using var body = await RequestBody.ReadAsync(request, options.MaxQueryBytes, cancellationToken);
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body.GetBuffer().AsSpan(0, (int)body.Length));
            return $"{request.QueryString.Value?.TrimStart('?')}&{text.Trim().TrimStart('?')}";
        }
        catch (DecoderFallbackException)
        {
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "The body of $query is not UTF-8.", "body");
        }
    }

    private static bool IsPlainText(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(PlainText, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("us-ascii", StringComparison.OrdinalIgnoreCase));
}
