using CoupaGateway.OData.Downloads;
using CoupaGateway.OData.Errors;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Formats;

/// <summary>Chooses the format of a response: <c>$format</c> wins over <c>Accept</c>, and parameters nobody knows are passed over.</summary>
internal static class FormatNegotiator
{
    /// <exception cref="FeedException">406: the client takes nothing that the feed has.</exception>
    public static ResponseFormat Json(string? format, IEnumerable<string?> accept)
    {
        var types = new AcceptedTypes(format, accept);
        foreach (var range in types.Ranges)
        {
            if (types.Covers(range, "application", "json") && TryRead(range, out var chosen))
                return chosen;
        }

        throw NotAcceptable(format, "application/json");
    }

    /// <summary>For a collection, which can be had as JSON or as a download.</summary>
    /// <exception cref="FeedException">406: the client takes nothing that the feed has.</exception>
    public static (ResponseFormat Json, DownloadFormat? Download) Collection(string? format, IEnumerable<string?> accept)
    {
        var types = new AcceptedTypes(format, accept);
        foreach (var range in types.Ranges)
        {
            if (types.Covers(range, "application", "json") && TryRead(range, out var json))
                return (json, null);
            if (DownloadFormats.Find(range) is { } download)
                return (new(MetadataLevel.None, Ieee754Compatible: false), download);
        }

        throw NotAcceptable(format, $"application/json, {string.Join(", ", DownloadFormats.MediaTypes)}");
    }

    /// <summary>
    /// Whether <c>$metadata</c> is to be JSON. XML is what clients expect there, so it is preferred wherever it is listed, whatever the q-values say:
    /// Power Query sends one list of types with every request.
    /// </summary>
    /// <exception cref="FeedException">406: the client takes neither.</exception>
    public static bool MetadataAsJson(string? format, IEnumerable<string?> accept)
    {
        var types = new AcceptedTypes(format, accept);
        if (types.Names("application", "xml"))
            return false;
        if (types.Ranges.Any(range => !range.MatchesAllTypes && types.Covers(range, "application", "json") && TryRead(range, out _)))
            return true;
        if (types.Ranges.FirstOrDefault(static range => range.MatchesAllTypes) is { } everything && (types.Covers(everything, "application", "xml") || types.Covers(everything, "application", "json")))
            return !types.Covers(everything, "application", "xml");

        throw NotAcceptable(format, "application/xml and application/json");
    }

    /// <exception cref="FeedException">406: the client does not take plain text.</exception>
    public static void PlainText(string? format, IEnumerable<string?> accept)
    {
        var types = new AcceptedTypes(format, accept);
        if (!types.Ranges.Any(range => types.Covers(range, "text", "plain") || types.Covers(range, "application", "json")))
            throw NotAcceptable(format, "text/plain");
    }

    private static bool TryRead(MediaTypeHeaderValue range, out ResponseFormat format)
    {
        var (level, ieee754, known) = (MetadataLevel.Minimal, false, true);
        foreach (var parameter in range.Parameters)
        {
            var value = HeaderUtilities.RemoveQuotes(parameter.Value).ToString();
            if (parameter.Name.Equals("odata.metadata", StringComparison.OrdinalIgnoreCase)
                || parameter.Name.Equals("metadata", StringComparison.OrdinalIgnoreCase))
            {
                known &= Enum.TryParse(value, ignoreCase: true, out level) && !char.IsDigit(value[0]);
            }
            else if (parameter.Name.Equals("IEEE754Compatible", StringComparison.OrdinalIgnoreCase))
            {
                known &= bool.TryParse(value, out ieee754);
            }
        }

        format = new(level, ieee754);
        return known;
    }

    public static FeedException NotAcceptable(string? format, string offered) => new(
        406,
        ErrorCodes.NotAcceptable,
        format is null ? $"No type in the Accept header is offered here; {offered} is." : $"The format '{format}' is not offered here; {offered} is.",
        format is null ? "Accept" : "$format");
}
