using System.Diagnostics;
using System.Diagnostics.Metrics;
using CoupaGateway.OData.Downloads;
using CoupaGateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CoupaGateway.OData.Feed;

/// <summary>Measures requests to feeds, around everything that answers them.</summary>
internal static class FeedMetrics
{
    private static readonly Meter Meter = new(TelemetryNames.Meter);
    private static readonly Histogram<double> Duration = Instruments.FeedDuration.Histogram(Meter);
    private static readonly Counter<long> Rows = Instruments.FeedRows.Counter(Meter);
    private static readonly Counter<long> Bytes = Instruments.FeedBytes.Counter(Meter);

    public static async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var begun = Stopwatch.GetTimestamp();
        var measured = new FeedMeasurement();
        context.Features.Set(measured);
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body.Inner);
            Tell(context.Response, measured, body.Bytes, Stopwatch.GetElapsedTime(begun));
        }
    }

    private static void Tell(HttpResponse response, FeedMeasurement measured, long bytes, TimeSpan duration)
    {
        // What no schema has is no label: anybody could fill the memory with names.
        var tags = new TagList
        {
            { Labels.Connection, measured.Connection ?? string.Empty },
            { Labels.Table, measured.Table ?? string.Empty },
            { Labels.Format, FormatOf(response.ContentType) },
        };
        Rows.Add(measured.Rows, tags);
        Bytes.Add(bytes, tags);
        tags.Add(Labels.Status, response.StatusCode);
        Duration.Record(duration.TotalSeconds, tags);
        Activity.Current?.SetTag(Labels.Connection, measured.Connection).SetTag(Labels.Table, measured.Table);
    }

    private static string FormatOf(string? contentType) => contentType?.Split(';')[0] switch
    {
        null => "none",
        "application/json" => "json",
        "application/xml" => "xml",
        "text/plain" => "text",
        DownloadFormats.Csv => "csv",
        DownloadFormats.Parquet => "parquet",
        DownloadFormats.ArrowStream => "arrow",
        _ => "other",
    };
}
