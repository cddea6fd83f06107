using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CoupaGateway.OData.Aggregation;
using CoupaGateway.OData.Decoded;
using CoupaGateway.OData.Deltas;
using CoupaGateway.OData.Downloads;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Points;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers requests for an entity set.</summary>
/// <remarks>
/// (1) translate everything, so that a mistake is a 400; (2) count, if asked for; (3) find the rows, open the chunks and start the query, so that what is missing is a 503; one row
/// by its key, or a further page of a table as it is, may need neither;
/// (4) write the head, stream the rows, write the tail; HEAD is the same but for this, so that it fails where GET would. A failure in (4) aborts the connection.
/// </remarks>
internal sealed class CollectionResponder(
    CollectionQueryFactory factory, PointCache points, DecodedPages pages, TableSource source, RowCounter counter, RowFinder finder, IQueryEngine engine, IJsonRowsWriter writer, DownloadResponder downloads, ApplyResponder aggregates,
    DeltaResponder deltas, FeedTags tags)
{
    public async Task RespondAsync(FeedRequest request, RowTarget target, bool isReference, CancellationToken cancellationToken)
    {
        // (1)
        var (format, download) = FormatNegotiator.Collection(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        format = format with { Version = request.Version };
        if (Preconditions.IsKnown(request.Http, tags.OfRows(request, request.Model.TableOf(target.Set.EntityType), download?.ContentType() ?? format.ContentType(streaming: true))))
            return;

        if (download is { } other && !isReference)
        {
            await downloads.RespondAsync(request, target, other, cancellationToken);
            return;
        }

        if (request.Query[QueryOptionSet.Apply] is not null && !isReference)
        {
            await aggregates.RespondAsync(request, target, format, cancellationToken);
            return;
        }

        if (request.Query[QueryOptionSet.DeltaToken] is not null && !isReference)
        {
            await deltas.RespondAsync(request, target, format, cancellationToken);
            return;
        }

        var query = await factory.CreateAsync(request, target, isReference, format, cancellationToken);
        var tracks = ChangeTracking.Applies(request, query);

        // (2)
        var plan = PagePlan.Create(query);
        using var point = query is { Point: { } key, Computed.IsEmpty: true, Expand.Levels.IsEmpty: true, Skip: 0, Token: null, Limit: > 0 } ? points.Find(query.Snapshot, [key], plan.Columns) : null;
        long? count = null;
        if (query.WithCount)
            count = query.Token?.Count ?? (point is null ? await counter.CountAsync(query, cancellationToken) : point.HasRow ? 1 : 0);

        // (3)
        using var ready = point ?? await pages.TryOpenAsync(query, plan, cancellationToken);
        if (ready is null)
            plan = await finder.NarrowAsync(query, plan, cancellationToken);
        using var tables = ready is null ? await source.OpenAsync(query.Snapshot, plan.Chunks, query.Related, cancellationToken) : null;
        using var rows = ready ?? await engine.OpenAsync(plan.ToQuery(tables!), cancellationToken);

        using var expand = new ExpandReader(engine, request, query);
        var nested = await expand.OpenAsync(rows, () => ExpandSql.Page(plan, tables!, query), plan.IsOneOff, cancellationToken);

        // (4)
        if (Preconditions.IsAnyKnown(request.Http))
            return;

        Begin(request, format, query.PageSize, tracks);
        if (request.IsHead)
            return;

        var output = request.Http.Response.BodyWriter;
        output.Write(Encoding.UTF8.GetBytes(Head(request, query.Context, format, count, query.Snapshot)));
        var written = await writer.WriteAsync(rows, output, query.RowFormat(request.Root, plan.Columns) with { Expanded = nested }, query.Limit, plan.TokenColumns, cancellationToken);
        output.Write(Encoding.UTF8.GetBytes(Tail(request, query, count, written, tracks)));
        await output.FlushAsync(cancellationToken);
    }

    public static void Begin(FeedRequest request, ResponseFormat format, int pageSize, bool tracks)
    {
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = format.ContentType(streaming: true);
        if (request.Preferences.Applied(pageSize == PageOptions.Unlimited ? null : pageSize, tracks) is { } applied)
            response.Headers[FeedHeaders.PreferenceApplied] = applied;
    }

    /// <param name="context">What stands behind the number sign of the context URL.</param>
    public static string Head(FeedRequest request, string context, ResponseFormat format, long? count, TableSnapshot snapshot)
    {
        var head = new StringBuilder("{");
        if (format.Metadata != MetadataLevel.None)
            head.Append(CultureInfo.InvariantCulture, $"\"{format.Prefix}context\":").Append(JsonString($"{request.ContextUrl}#{context}")).Append(',');
        if (count is not null)
            head.Append(CultureInfo.InvariantCulture, $"\"{format.Prefix}count\":").Append(format.Ieee754Compatible ? $"\"{count}\"" : $"{count}").Append(',');
        return head.Append(RowAnnotations.Of(request, snapshot.Manifest)).Append("\"value\":[").ToString();
    }

    private static string Tail(FeedRequest request, CollectionQuery query, long? count, RowsWritten written, bool tracks)
    {
        var remaining = query.Remaining - written.Count;
        if (!written.More || remaining <= 0 || written.Count == 0)
            return tracks ? $"],{DeltaLink(request, query.Snapshot.Manifest)}}}" : "]}";

        var token = new SkipToken
        {
            Version = query.Snapshot.Manifest.Version,
            Related = [.. query.Related.Select(static table => table.Manifest.Version)],
            Query = query.Name,
            PageSize = query.PageSize,
            Remaining = remaining,
            Count = count,
            Last = written.LastTokenValues,
            Tracks = tracks,
        };

        // Rows before the next page, counted from where offsets are counted from: the first row, or the row that a keyset token named.
        var text = SkipTokenCodec.TryEncode(token)
            ?? SkipTokenCodec.TryEncode(token with { Last = query.Token?.Last ?? [], Offset = query.Skip + written.Count })!;
        return $"],{NextLink(request, text)}}}";
    }

    /// <summary>The request's own address and options, but for those that the token replaces.</summary>
    public static string NextLink(FeedRequest request, string token) => $"\"{request.Version.ControlPrefix()}nextLink\":{JsonString(NextAddress(request, token))}";

    /// <summary>The link to what changes after the version that was read.</summary>
    public static string DeltaLink(FeedRequest request, TableManifest read) => $"\"{request.Version.ControlPrefix()}deltaLink\":{JsonString(ChangeTracking.Link(request, read))}";

    /// <summary>Whether the query is too long for a link to a further page.</summary>
    public static bool HasNoNextLink(FeedRequest request) => request.IsPost && NextAddress(request, string.Empty).Length > request.Options.MaxUrlLength;

    private static string NextAddress(FeedRequest request, string token)
    {
        var link = new StringBuilder(request.Root).Append('/').Append(Readable(request.Path)).Append('?');
        foreach (var (name, value) in request.Query.Raw)
        {
            if (name is not (QueryOptionSet.Top or QueryOptionSet.Skip or QueryOptionSet.SkipToken))
                link.Append(name.StartsWith('$') ? name : Uri.EscapeDataString(name)).Append('=').Append(value).Append('&');
        }

        return link.Append(QueryOptionSet.SkipToken).Append('=').Append(token).ToString();
    }

    /// <summary>The parser wants each segment escaped; keys are easier on the eye as clients write them.</summary>
    private static string Readable(string path) => path.Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal)
        .Replace("%3D", "=", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal).Replace("%24", "$", StringComparison.Ordinal);

    public static string JsonString(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
