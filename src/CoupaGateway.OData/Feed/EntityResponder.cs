using System.Collections.Immutable;
using System.IO.Pipelines;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Points;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers requests for one entity by its key.</summary>
internal sealed class EntityResponder(CollectionQueryFactory factory, PointCache points, RowCounter counter, TableSource source, IQueryEngine engine, IJsonRowsWriter writer, FeedTags tags)
{
    /// <exception cref="FeedException">404: no row has the key.</exception>
    public async Task RespondAsync(FeedRequest request, RowTarget target, bool isReference, CancellationToken cancellationToken)
    {
        var format = request.Json();
        var query = factory.CreateEntity(request, target, isReference, format);
        if (Preconditions.IsKnown(request.Http, tags.OfRow(request, query.Snapshot, target.Key[0], format.ContentType(streaming: true))))
            return;

        var plan = PagePlan.Create(query);
        if (query.Expand.Levels.IsEmpty && points.Find(query.Snapshot, target.Key, plan.Columns) is { } row)
        {
            using (row)
                await SendAsync(request, target, query, plan, row, cancellationToken);
            return;
        }

        using var tables = await source.OpenAsync(query.Snapshot, plan.Chunks, query.Related, cancellationToken);
        using var rows = await engine.OpenAsync(plan.ToQuery(tables), cancellationToken);
        if (query.Expand.Levels.IsEmpty)
            await SendAsync(request, target, query, plan, rows, cancellationToken);
        else
            await StreamAsync(request, target, query, plan, rows, tables, cancellationToken);
    }

    public static FeedException NotThere(RowTarget target) => FeedException.NotFound($"The table '{target.Set.Name}' has no row with this key.", target.Set.Name);

    /// <summary>A row alone: short, so that its length can be told.</summary>
    private async Task SendAsync(FeedRequest request, RowTarget target, CollectionQuery query, PagePlan plan, RowReader rows, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        var pipe = PipeWriter.Create(body, new StreamPipeWriterOptions(leaveOpen: true));
        var written = await writer.WriteAsync(rows, pipe, RowFormat(request, query, plan), limit: 1, ImmutableArray<int>.Empty, cancellationToken);
        await pipe.CompleteAsync();
        if (written.Count == 0)
            throw NotThere(target);
        if (Preconditions.IsAnyKnown(request.Http))
            return;

        var response = request.Http.Response;
        Begin(request, query);
        response.ContentLength = body.Length;
        if (!request.IsHead)
            await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), cancellationToken);
    }

    /// <summary>A row with rows inside, of which there may be many. Whether it is there has to be known before the first byte is out.</summary>
    private async Task StreamAsync(
        FeedRequest request, RowTarget target, CollectionQuery query, PagePlan plan, RowReader rows, OpenTables tables, CancellationToken cancellationToken)
    {
        if (await counter.CountAsync(query, cancellationToken) == 0)
            throw NotThere(target);

        if (Preconditions.IsAnyKnown(request.Http))
            return;

        using var expand = new ExpandReader(engine, request, query);
        var nested = await expand.OpenAsync(rows, () => ExpandSql.Page(plan, tables, query), plan.IsOneOff, cancellationToken);
        Begin(request, query);
        if (request.IsHead)
            return;

        await writer.WriteAsync(
            rows, request.Http.Response.BodyWriter, RowFormat(request, query, plan) with { Expanded = nested }, limit: 1, ImmutableArray<int>.Empty, cancellationToken);
        await request.Http.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static void Begin(FeedRequest request, CollectionQuery query)
    {
        request.Http.Response.ContentType = query.Format.ContentType(streaming: true);
        if (request.Preferences.Applied(pageSize: null) is { } applied)
            request.Http.Response.Headers[FeedHeaders.PreferenceApplied] = applied;
    }

    private static JsonRowFormat RowFormat(FeedRequest request, CollectionQuery query, PagePlan plan) => query.RowFormat(request.Root, plan.Columns) with
    {
        Start = query.Format.Metadata == MetadataLevel.None ? null : $"{request.ContextUrl}#{query.SingleContext}",
        Annotations = RowAnnotations.Of(request, query.Snapshot.Manifest).TrimEnd(','),
    };
}
