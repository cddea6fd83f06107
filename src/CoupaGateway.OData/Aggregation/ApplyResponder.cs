using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Aggregation;

/// <summary>Answers requests with <c>$apply</c>, page by page as other collections; a page names its place by the rows before it.</summary>
internal sealed class ApplyResponder(ApplyQueryFactory factory, TableSource source, IQueryEngine engine, IJsonRowsWriter writer)
{
    public async Task RespondAsync(FeedRequest request, IEdmEntitySet set, ResponseFormat format, CancellationToken cancellationToken)
    {
        var query = await factory.CreateAsync(request, set, format, cancellationToken);
        var page = query.Page;
        using var tables = await source.OpenAsync(query.Snapshot, query.Snapshot.Within(query.Keys), query.Related, cancellationToken);
        long? count = null;
        if (page.WithCount)
            count = page.Token?.Count ?? await CountAsync(query, tables, cancellationToken);

        var place = page.Token is { } token ? new Place(token.Part, token.Offset) : await SkipAsync(query, tables, cancellationToken);
        var rows = await OpenAsync(query, tables, place, page.Limit, isContinuation: false, cancellationToken);
        try
        {
            if (Preconditions.IsAnyKnown(request.Http))
                return;

            CollectionResponder.Begin(request, format, page.Size);
            if (request.IsHead)
                return;

            var output = request.Http.Response.BodyWriter;
            output.Write(Encoding.UTF8.GetBytes(CollectionResponder.Head(request, $"{set.Name}{query.ContextSuffix}", format, count, query.Snapshot)));
            var left = page.Limit;
            while (true)
            {
                var written = await writer.WriteAsync(rows, output, RowFormat(request, format, isContinuation: left < page.Limit), left, tokenColumns: [], cancellationToken);
                left -= written.Count;
                place = written.More ? place with { Row = place.Row + written.Count } : new(place.Part + 1, Row: 0);
                if (left == 0 || written.More || place.Part == query.Parts.Length)
                    break;

                rows.Dispose();
                rows = await OpenAsync(query, tables, place, left, isContinuation: true, cancellationToken);
            }

            output.Write(Encoding.UTF8.GetBytes(Tail(request, query, count, place, page.Limit - left)));
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            rows.Dispose();
        }
    }

    private static string Tail(FeedRequest request, ApplyQuery query, long? count, Place place, long written)
    {
        var remaining = query.Page.Remaining - written;
        if (place.Part == query.Parts.Length || remaining <= 0 || written == 0)
            return "]}";

        var token = new SkipToken
        {
            Version = query.Snapshot.Manifest.Version,
            Related = [.. query.Related.Select(static table => table.Manifest.Version)],
            Query = query.Page.Name,
            PageSize = query.Page.Size,
            Remaining = remaining,
            Count = count,
            Offset = place.Row,
            Part = place.Part,
        };
        return $"],{CollectionResponder.NextLink(request, SkipTokenCodec.TryEncode(token)!)}}}";
    }

    private static JsonRowFormat RowFormat(FeedRequest request, ResponseFormat format, bool isContinuation) => new()
    {
        Ieee754Compatible = format.Ieee754Compatible,
        Prefix = format.Prefix,
        OmitNulls = request.Preferences.OmitNulls,
        DynamicTypes = format.Metadata != MetadataLevel.None,
        AllTypes = format.Metadata == MetadataLevel.Full,
        IsContinuation = isContinuation,
    };

    /// <param name="take">Rows that are wanted; one more tells whether there are more.</param>
    private async ValueTask<RowReader> OpenAsync(ApplyQuery query, OpenTables tables, Place place, long take, bool isContinuation, CancellationToken cancellationToken) =>
        await engine.OpenAsync(query.Parts[place.Part].ToQuery(tables, query.Parameters, take + 1, place.Row) with { IsContinuation = isContinuation }, cancellationToken);

    private async ValueTask<long> CountAsync(ApplyQuery query, OpenTables tables, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var part in query.Parts)
            total += await CountAsync(query, part, tables, cancellationToken);
        return total;
    }

    private async ValueTask<long> CountAsync(ApplyQuery query, ApplyPart part, OpenTables tables, CancellationToken cancellationToken)
    {
        var row = await engine.ReadRowAsync(part.ToCount(tables, query.Parameters), cancellationToken);
        return Convert.ToInt64(row!.Value[0], CultureInfo.InvariantCulture);
    }

    /// <summary>The row after those of <c>$skip</c>, which may lie in a later part.</summary>
    private async ValueTask<Place> SkipAsync(ApplyQuery query, OpenTables tables, CancellationToken cancellationToken)
    {
        var skip = query.Page.Skip;
        for (var part = 0; ; part++)
        {
            if (skip == 0 || part == query.Parts.Length - 1)
                return new(part, skip);

            var rows = await CountAsync(query, query.Parts[part], tables, cancellationToken);
            if (skip < rows)
                return new(part, skip);
            skip -= rows;
        }
    }

    /// <param name="Row">Rows of the part before it.</param>
    [StructLayout(LayoutKind.Auto)]
    private sealed record Place(int Part, long Row);
}
