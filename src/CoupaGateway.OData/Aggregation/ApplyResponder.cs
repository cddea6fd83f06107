using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;

namespace CoupaGateway.OData.Aggregation;

/// <summary>
/// Answers requests with <c>$apply</c>, page by page as other collections: all pages read one version of every table, and each goes on after the last row of the one before, within
/// the result that it came from.
/// </summary>
internal sealed class ApplyResponder(ApplyQueryFactory factory, TableSource source, IQueryEngine engine, IJsonRowsWriter writer)
{
    public async Task RespondAsync(FeedRequest request, RowTarget target, ResponseFormat format, CancellationToken cancellationToken)
    {
        var query = await factory.CreateAsync(request, target, format, isWhole: false, cancellationToken);
        var page = query.Page;
        using var tables = await source.OpenAsync(query.Snapshot, query.Snapshot.Within(query.Keys), query.Related, cancellationToken);
        long? count = null;
        if (page.WithCount)
            count = page.Token?.Count ?? await CountAsync(query, tables, cancellationToken);

        var place = page.Token is { } token ? new Place(token.Part, token.Last, token.Offset) : await SkipAsync(query, tables, cancellationToken);
        var tail = Tail(query, place, page.Limit);
        var rows = await OpenAsync(query, tables, place, tail, isContinuation: false, cancellationToken);
        using var expand = query.Expanded is { } entities ? new ExpandReader(engine, request, entities) : null;
        try
        {
            var nested = expand is null ? [] : await expand.OpenAsync(rows, () => ExpandSql.Page(query, Tail(query, place, page.Limit - 1), tables), isOneOff: false, cancellationToken);
            if (Preconditions.IsAnyKnown(request.Http))
                return;

            CollectionResponder.Begin(request, format, page.Size, tracks: false);
            if (request.IsHead)
                return;

            var output = request.Http.Response.BodyWriter;
            output.Write(Encoding.UTF8.GetBytes(CollectionResponder.Head(request, $"{target.Set.Name}{query.ContextSuffix}", format, count, query.Snapshot)));
            var left = page.Limit;
            while (true)
            {
                var part = query.Parts[place.Part];
                var rowFormat = RowFormat(request, format, part, isContinuation: left < page.Limit) with { Expanded = nested };
                var written = await writer.WriteAsync(rows, output, rowFormat, left, part.TokenColumns, cancellationToken);
                left -= written.Count;
                place = written.More ? place.After(written) : new(place.Part + 1, Last: [], Skip: 0);
                if (left == 0 || written.More || place.Part == query.Parts.Length)
                    break;

                rows.Dispose();
                rows = await OpenAsync(query, tables, place, Tail(query, place, left), isContinuation: true, cancellationToken);
            }

            output.Write(Encoding.UTF8.GetBytes(End(request, query, count, place, page.Limit - left)));
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            rows.Dispose();
        }
    }

    /// <summary>The number of rows of the result, for <c>/$count</c>.</summary>
    public async ValueTask<long> CountAsync(FeedRequest request, RowTarget target, CancellationToken cancellationToken)
    {
        var query = await factory.CreateAsync(request, target, new(MetadataLevel.None, Ieee754Compatible: false), isWhole: false, cancellationToken);
        using var tables = await source.OpenAsync(query.Snapshot, query.Snapshot.Within(query.Keys), query.Related, cancellationToken);
        return await CountAsync(query, tables, cancellationToken);
    }

    private static string End(FeedRequest request, ApplyQuery query, long? count, Place place, long written)
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
            Last = place.Last,
            Offset = place.Skip,
            Part = place.Part,
        };

        // Values too long for a URL are counted instead, from the first row of the part or from the row that the page began after.
        var text = SkipTokenCodec.TryEncode(token) ?? SkipTokenCodec.TryEncode(token with { Last = place.Base, Offset = place.BaseSkip })!;
        return $"],{CollectionResponder.NextLink(request, text)}}}";
    }

    private static JsonRowFormat RowFormat(FeedRequest request, ResponseFormat format, ApplyPart part, bool isContinuation)
    {
        var rows = new JsonRowFormat
        {
            Ieee754Compatible = format.Ieee754Compatible,
            Prefix = format.Prefix,
            OmitNulls = part.IsSparse || request.Preferences.OmitNulls,
            DynamicTypes = format.Metadata != MetadataLevel.None,
            AllTypes = format.Metadata == MetadataLevel.Full,
            IsContinuation = isContinuation,
        };
        return part.Columns.All(static column => column.Above.IsEmpty) ? rows : rows with { Writer = (vectors, own) => new ResultRowWriter(vectors, part.Columns, own) };
    }

    /// <param name="take">Rows that are wanted; one more tells whether there are more.</param>
    private static string Tail(ApplyQuery query, Place place, long take) => query.Parts[place.Part].Tail(query.Parameters, place.Last, take + 1, place.Skip);

    private async ValueTask<RowReader> OpenAsync(ApplyQuery query, OpenTables tables, Place place, string tail, bool isContinuation, CancellationToken cancellationToken) =>
        await engine.OpenAsync(query.Parts[place.Part].ToQuery(tables, query.Parameters, tail) with { IsContinuation = isContinuation }, cancellationToken);

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
                return new(part, Last: [], skip);

            var rows = await CountAsync(query, query.Parts[part], tables, cancellationToken);
            if (skip < rows)
                return new(part, Last: [], skip);
            skip -= rows;
        }
    }

    /// <param name="Last">Values of the order's keys in the row before it; empty for none.</param>
    /// <param name="Skip">Rows between that row, or the first of the part, and it.</param>
    private sealed record Place(int Part, ImmutableArray<object?> Last, long Skip)
    {
        /// <summary>As <see cref="Last"/> and <see cref="Skip"/>, from where the page began in the part.</summary>
        public ImmutableArray<object?> Base { get; private init; } = Last;

        public long BaseSkip { get; private init; } = Skip;

        public Place After(RowsWritten written) => new(Part, written.LastTokenValues, Skip: 0) { Base = Last, BaseSkip = Skip + written.Count };
    }
}
