using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Feed;

/// <summary>Answers requests for one entity by its key.</summary>
internal sealed class EntityResponder(CollectionQueryFactory factory, TableSource source, IQueryEngine engine, IJsonRowsWriter writer)
{
    /// <exception cref="FeedException">404: no row has the key.</exception>
    public async Task RespondAsync(FeedRequest request, IEdmEntitySet set, KeySegment key, CancellationToken cancellationToken)
    {
        request.Query.Allow("an entity", QueryOptionSet.Select, QueryOptionSet.Format);
        var format = request.Json();
        var table = request.Model.TableOf(set.EntityType);
        var parameters = new SqlParameters();
        var values = key.Keys.ToDictionary(static pair => pair.Key, static pair => Convert.ToInt64(pair.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var condition = string.Join(
            " AND ", table.Key.Select(column => $"{SqlText.Identifier(column.Name)} = {parameters.Add(values[column.Name], SqlKind.Int64)}"));
        var snapshot = factory.Current(request, table);
        if (Preconditions.IsKnown(request.Http, FeedTags.OfRow(request, snapshot, values[table.Key[0].Name], format.ContentType(streaming: true))))
            return;

        var query = new CollectionQuery
        {
            Set = set,
            Snapshot = snapshot,
            Select = SelectPlan.Create(request.Parser(set).ParseSelect(), table, set.EntityType, computed: [], expanded: []),
            Filter = condition,
            Order = [],
            Parameters = parameters,
            Name = string.Empty,
            PageSize = 1,
            Format = format,
            OmitNulls = request.Preferences.OmitNulls,
        };

        var plan = PagePlan.Create(query) with { Chunks = snapshot.WithKey(values[table.Key[0].Name]), IsShort = true };
        var body = new MemoryStream();
        RowsWritten written;
        using (var tables = await source.OpenAsync(snapshot, plan.Chunks, related: [], cancellationToken))
        {
            using var rows = await engine.OpenAsync(plan.ToQuery(tables), cancellationToken);
            var pipe = PipeWriter.Create(body, new StreamPipeWriterOptions(leaveOpen: true));
            written = await writer.WriteAsync(rows, pipe, query.RowFormat(request.Root, plan.Columns), limit: 1, ImmutableArray<int>.Empty, cancellationToken);
            await pipe.CompleteAsync();
        }

        if (written.Count == 0)
            throw FeedException.NotFound($"The table '{table.Name}' has no row with this key.", set.Name);

        if (Preconditions.IsAnyKnown(request.Http))
            return;

        await WriteAsync(request, query, body, cancellationToken);
    }

    /// <summary>Puts the context in front of the properties that the row writer wrote.</summary>
    private static async Task WriteAsync(FeedRequest request, CollectionQuery query, MemoryStream row, CancellationToken cancellationToken)
    {
        var before = RowAnnotations.Of(request, query.Snapshot.Manifest);
        var entity = row.GetBuffer().AsMemory(1, (int)row.Length - 1);
        if (query.Format.Metadata != MetadataLevel.None)
        {
            var context = JsonEncodedText.Encode($"{request.ContextUrl}#{query.Set.Name}{query.Select.ContextSuffix}/$entity");
            before = $"\"{query.Format.Prefix}context\":\"{context}\",{before}";
        }

        var head = Encoding.UTF8.GetBytes("{" + (entity.Length > 1 ? before : before.TrimEnd(',')));
        var response = request.Http.Response;
        if (request.Preferences.Applied(pageSize: null) is { } applied)
            response.Headers[FeedHeaders.PreferenceApplied] = applied;
        response.ContentType = query.Format.ContentType(streaming: true);
        response.ContentLength = head.Length + entity.Length;
        if (request.IsHead)
            return;

        await response.Body.WriteAsync(head, cancellationToken);
        await response.Body.WriteAsync(entity, cancellationToken);
    }
}
