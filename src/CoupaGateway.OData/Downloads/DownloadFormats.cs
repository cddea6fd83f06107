using System.Collections.Immutable;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Downloads;

/// <summary>Names of the formats: media types, what <c>$format</c> calls them for short, and endings of file names.</summary>
internal static class DownloadFormats
{
    public const string Csv = "text/csv";
    public const string Parquet = "application/vnd.apache.parquet";
    public const string ArrowStream = "application/vnd.apache.arrow.stream";

    public static ImmutableArray<string> MediaTypes { get; } = [Csv, Parquet, ArrowStream];

    /// <summary>The format that a media range names; null when it names none, or everything.</summary>
    public static DownloadFormat? Find(MediaTypeHeaderValue range) =>
        range.MatchesAllTypes || range.MatchesAllSubTypes ? null
        : Is(range, Csv) ? DownloadFormat.Csv
        : Is(range, Parquet) ? DownloadFormat.Parquet
        : Is(range, ArrowStream) ? DownloadFormat.ArrowStream
        : null;

    /// <summary>The media type for a short name in <c>$format</c>; null for anything else.</summary>
    public static string? Expand(string format) => format switch
    {
        "csv" => Csv,
        "parquet" => Parquet,
        "arrow" => ArrowStream,
        _ => null,
    };

    public static string ContentType(this DownloadFormat format) => format switch
    {
        DownloadFormat.Csv => Csv + "; charset=utf-8; header=present",
        DownloadFormat.Parquet => Parquet,
        _ => ArrowStream,
    };

    public static string FileName(this DownloadFormat format, string table) => table + format switch
    {
        DownloadFormat.Csv => ".csv",
        DownloadFormat.Parquet => ".parquet",
        _ => ".arrows",
    };

    private static bool Is(MediaTypeHeaderValue range, string type) => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
