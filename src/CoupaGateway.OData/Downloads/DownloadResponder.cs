using System.IO.Pipelines;
using CoupaGateway.OData.Aggregation;
using CoupaGateway.OData.Downloads.Arrow;
using CoupaGateway.OData.Downloads.Csv;
using CoupaGateway.OData.Downloads.Parquet;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoupaGateway.OData.Downloads;

/// <summary>Answers a request for an entity set with all rows of its result in one file.</summary>
/// <remarks>
/// (1) translate everything; (2) open the first part, so that what cannot be answered is an error with a body; (3) write part after part of one version of the table, each as
/// far as the client reads; (4) write the end. A failure in (3) or (4) aborts the connection: half a file never looks like a whole one.
/// </remarks>
internal sealed class DownloadResponder(CollectionQueryFactory factory, ApplyQueryFactory results, TableSource source, IQueryEngine engine, IParquetExporter exporter)
{
    private static readonly ResponseFormat Plain = new(MetadataLevel.None, Ieee754Compatible: false);

    public async Task RespondAsync(FeedRequest request, RowTarget target, DownloadFormat format, CancellationToken cancellationToken)
    {
        // (1)
        request.Query.Allow(
            "a download, which has all rows and nothing else",
            QueryOptionSet.Select, QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Top, QueryOptionSet.Skip, QueryOptionSet.Compute, QueryOptionSet.Search, QueryOptionSet.Apply,
            QueryOptionSet.Format);
        await using var download = Create(format, request.Http.Response.BodyWriter);
        var (most, parts) = await PartsAsync(request, target, cancellationToken);
        var written = 0L;
        var isFirst = true;
        foreach (var part in parts)
        {
            // (2)
            var next = part(most - written);
            if (next.Names.IsEmpty)
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, "A download has columns only, and $select names none.", QueryOptionSet.Select);

            await download.OpenAsync(next, isFirst, cancellationToken);
            if (isFirst && Preconditions.IsAnyKnown(request.Http))
                return;
            if (isFirst)
                Begin(request, target.Set.Name, format);
            if (request.IsHead)
                return;

            // (3)
            isFirst = false;
            var rows = await download.WriteAsync(cancellationToken);
            RowTally.Add(rows);
            written += rows;
            if (written >= most)
                break;
        }

        // (4)
        await download.EndAsync(cancellationToken);
    }

    /// <summary>The most rows, null for all, and the parts that give them, each told how many of those are left.</summary>
    private async ValueTask<(long? Most, IEnumerable<Func<long?, DownloadPart>> Parts)> PartsAsync(FeedRequest request, RowTarget target, CancellationToken cancellationToken)
    {
        if (request.Query[QueryOptionSet.Apply] is not null)
        {
            var result = await results.CreateAsync(request, target, Plain, isWhole: true, cancellationToken);
            return (result.Page.Remaining, [_ => DownloadPart.Of(result)]);
        }

        var query = await factory.CreateAsync(request, target, isReference: false, Plain, cancellationToken) with { IsWhole = true };
        return (query.Remaining, DownloadParts.Of(query).Select<CollectionQuery, Func<long?, DownloadPart>>(static part => left => DownloadPart.Of(part with { Remaining = left })));
    }

    private IDownload Create(DownloadFormat format, PipeWriter output) => format switch
    {
        DownloadFormat.Csv => new RowDownload(source, engine, new CsvTable(output)),
        DownloadFormat.ArrowStream => new RowDownload(source, engine, new ArrowTable(output)),
        _ => new ParquetDownload(source, exporter, output),
    };

    private static void Begin(FeedRequest request, string table, DownloadFormat format)
    {
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = format.ContentType();
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = format.FileName(table) }.ToString();
    }
}
