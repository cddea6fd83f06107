using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CoupaGateway.OData.Downloads;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers requests for an entity set.</summary>
/// <remarks>
/// (1) translate everything, so that a mistake is a 400; (2) count, if asked for; (3) find the rows, open the chunks and start the query, so that what is missing is a 503;
/// (4) write the head, stream the rows, write the tail; HEAD is the same but for this, so that it fails where GET would. A failure in (4) aborts the connection.
/// </remarks>
internal sealed class CollectionResponder(
    CollectionQueryFactory factory, TableSource source, RowCounter counter, RowFinder finder, IQueryEngine engine, IJsonRowsWriter writer, DownloadResponder downloads)
{
    public async Task RespondAsync(FeedRequest request, IEdmEntitySet set, CancellationToken cancellationToken)
    {
        // (1)
        var (format, download) = FormatNegotiator.Collection(request.Query[QueryOptionSet.Format], request.Http.Request.Headers.Accept);
        if (download is { } other)
        {
            await downloads.RespondAsync(request, set, other, cancellationToken);
            return;
        }

        var query = await factory.CreateAsync(request, set, format, cancellationToken);
        // (2)
        long? count = null;
        if (query.WithCount)
            count = query.Token?.Count ?? await counter.CountAsync(query.Snapshot, query.Filter, query.Keys, query.Parameters, cancellationToken);

        // (3)
        var plan = await finder.NarrowAsync(query, PagePlan.Create(query), cancellationToken);
        var (lease, from) = await source.OpenAsync(query.Snapshot, plan.Chunks, cancellationToken);
        using (lease)
        {
            using var rows = await engine.OpenAsync(plan.ToQuery(from), cancellationToken);

            // (4)
            Begin(request, query);
            if (request.IsHead)
                return;

            var output = request.Http.Response.BodyWriter;
            output.Write(Encoding.UTF8.GetBytes(Head(request, query, count)));
            var written = await writer.WriteAsync(rows, output, query.RowFormat(request.Root, plan.Columns), query.Limit, plan.TokenColumns, cancellationToken);
            output.Write(Encoding.UTF8.GetBytes(Tail(request, query, count, written)));
            await output.FlushAsync(cancellationToken);
        }
    }

    private static void Begin(FeedRequest request, CollectionQuery query)
    {
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = query.Format.ContentType(streaming: true);
        if (Preferences.Parse(request.Http.Request.Headers[FeedHeaders.Prefer]).MaxPageSize is not null)
            response.Headers[FeedHeaders.PreferenceApplied] = $"odata.maxpagesize={query.PageSize}";
    }

    private static string Head(FeedRequest request, CollectionQuery query, long? count)
    {
        var head = new StringBuilder("{");
        if (query.Format.Metadata != MetadataLevel.None)
            head.Append("\"@odata.context\":").Append(JsonString($"{request.ContextUrl}#{query.Set.Name}{query.Select.ContextSuffix}")).Append(',');
        if (count is not null)
            head.Append("\"@odata.count\":").Append(query.Format.Ieee754Compatible ? $"\"{count}\"" : $"{count}").Append(',');
        return head.Append("\"value\":[").ToString();
    }

    private static string Tail(FeedRequest request, CollectionQuery query, long? count, RowsWritten written)
    {
        var remaining = query.Remaining - written.Count;
        if (!written.More || remaining <= 0 || written.Count == 0)
            return "]}";

        var token = new SkipToken
        {
            Version = query.Snapshot.Manifest.Version,
            Query = query.Name,
            PageSize = query.PageSize,
            Remaining = remaining,
            Count = count,
            Last = written.LastTokenValues,
        };

        // Rows before the next page, counted from where offsets are counted from: the first row, or the row that a keyset token named.
        var text = SkipTokenCodec.TryEncode(token)
            ?? SkipTokenCodec.TryEncode(token with { Last = query.Token?.Last ?? [], Offset = query.Skip + written.Count })!;
        return $"],\"@odata.nextLink\":{JsonString(NextLink(request, query, text))}}}";
    }

    /// <summary>The request's own address and options, but for those that the token replaces.</summary>
    private static string NextLink(FeedRequest request, CollectionQuery query, string token)
    {
        var link = new StringBuilder(request.Root).Append('/').Append(query.Set.Name).Append('?');
        foreach (var (name, value) in request.Query.Raw)
        {
            if (name is not (QueryOptionSet.Top or QueryOptionSet.Skip or QueryOptionSet.SkipToken))
                link.Append(name.StartsWith('$') ? name : Uri.EscapeDataString(name)).Append('=').Append(value).Append('&');
        }

        return link.Append(QueryOptionSet.SkipToken).Append('=').Append(token).ToString();
    }

    private static string JsonString(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
