using CoupaGateway.OData.Downloads;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Formats;

/// <summary>The media types that a client takes (RFC 9110, section 12.5.1): one that <c>$format</c> names, or the ranges of <c>Accept</c>, the dearest first.</summary>
internal sealed class AcceptedTypes
{
    /// <summary>Types with <c>q=0</c>: refused, though another range may have a place for everything.</summary>
    private readonly List<MediaTypeHeaderValue> _refused = [];

    public AcceptedTypes(string? format, IEnumerable<string?> accept)
    {
        if (format is not null)
        {
            Ranges = MediaTypeHeaderValue.TryParse(Expand(format), out var single) ? [single] : [];
            return;
        }

        var values = accept.Where(static value => !string.IsNullOrWhiteSpace(value)).ToList();
        if (values.Count == 0)
        {
            Ranges = [new("*/*")];
            return;
        }

        IList<MediaTypeHeaderValue> all = MediaTypeHeaderValue.TryParseList(values!, out var ranges) ? ranges : [];
        _refused.AddRange(all.Where(static range => range.Quality is 0));
        Ranges = [.. all.Where(static range => range.Quality is not 0).OrderByDescending(static range => range.Quality ?? 1)];
    }

    public IReadOnlyList<MediaTypeHeaderValue> Ranges { get; }

    /// <summary>Whether a type falls into a range, and is not refused by a narrower one.</summary>
    public bool Covers(MediaTypeHeaderValue range, string type, string subtype) =>
        Matches(range, type, subtype) && !_refused.Exists(refused => Rank(refused) > Rank(range) && Matches(refused, type, subtype));

    /// <summary>Whether any range but <c>*/*</c> covers a type.</summary>
    public bool Names(string type, string subtype) => Ranges.Any(range => !range.MatchesAllTypes && Covers(range, type, subtype));

    private static bool Matches(MediaTypeHeaderValue range, string type, string subtype) =>
        range.MatchesAllTypes
        || (range.Type.Equals(type, StringComparison.OrdinalIgnoreCase)
            && (range.MatchesAllSubTypes || range.SubType.Equals(subtype, StringComparison.OrdinalIgnoreCase)));

    private static int Rank(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;

    private static string Expand(string format) => format switch
    {
        "json" => "application/json",
        "xml" => "application/xml",
        _ => DownloadFormats.Expand(format) ?? format,
    };
}
