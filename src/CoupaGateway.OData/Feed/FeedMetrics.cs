using System.Diagnostics;
using System.Diagnostics.Metrics;
using CoupaGateway.OData.Downloads;
using CoupaGateway.OData.Rows;
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
        var rows = RowTally.Begin();
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body.Inner);
            Tell(context, rows.Rows, body.Bytes, Stopwatch.GetElapsedTime(begun));
        }
    }

    private static void Tell(HttpContext context, long rows, long bytes, TimeSpan duration)
    {
        var target = FeedTarget.Of(context);
        var tags = new TagList
        {
            { Labels.Connection, target.Connection },
            { Labels.Table, target.Table },
            { Labels.Format, FormatOf(context.Response.ContentType) },
        };
        Rows.Add(rows, tags);
        Bytes.Add(bytes, tags);
        tags.Add(Labels.Status, context.Response.StatusCode);
        Duration.Record(duration.TotalSeconds, tags);
        Activity.Current?.SetTag(Labels.Connection, target.Connection).SetTag(Labels.Table, target.Table);
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
