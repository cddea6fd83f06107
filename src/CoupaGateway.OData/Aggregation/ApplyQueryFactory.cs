using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Tables;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Aggregation;

/// <summary>Reads the options of a request with <c>$apply</c>: the other options apply to its result.</summary>
internal sealed class ApplyQueryFactory(CollectionQueryFactory collections)
{
    public async ValueTask<ApplyQuery> CreateAsync(FeedRequest request, IEdmEntitySet set, ResponseFormat format, CancellationToken cancellationToken)
    {
        var query = request.Query;
        query.Allow(
            "the result of $apply",
            QueryOptionSet.Apply, QueryOptionSet.Compute, QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Select, QueryOptionSet.Top, QueryOptionSet.Skip,
            QueryOptionSet.Count, QueryOptionSet.SkipToken, QueryOptionSet.Format);
        var table = request.Model.TableOf(set.EntityType);
        var scope = collections.Scope(request, table, static _ => null);
        var translator = new ApplyTranslator(
            scope,
            (relation, option, text) => new(request.Model, request.Options, query, relation.Type, relation.Set, [new(option, text)]) { Place = QueryOptionSet.Apply },
            request.Options.MaxTransformations);
        var results = translator.Translate(Relation.Of(table, set), query[QueryOptionSet.Apply]!);
        results = results is [var single] ? [Shape(single, query, translator)] : Unshaped(results, query);
        var parts = results is [var one] ? [Part(one, request, translator)] : results.Select(static result => new ApplyPart(result.Columns, result.From, [.. result.Order, .. result.Key])).ToImmutableArray();
        var page = PageOptions.Read(request, order: []);
        var (snapshot, related) = await collections.PinAsync(request, table, scope.Related, page.Token, cancellationToken);
        if (page.Token is { } token && token.Part >= parts.Length)
            throw Paging.SkipTokenCodec.Invalid();

        return new()
        {
            Set = set,
            Snapshot = snapshot,
            Related = related,
            Keys = KeyRanges.Any(results.Select(static result => result.Keys)),
            Parameters = scope.Parameters,
            Parts = parts,
            Page = page,
            Format = format,
            ContextSuffix = Suffix(results, parts),
        };
    }

    private static Relation Shape(Relation result, QueryOptionSet query, ApplyTranslator translator)
    {
        if (query[QueryOptionSet.Compute] is { } compute)
            result = translator.Compute(result, compute);
        return query[QueryOptionSet.Filter] is { } filter ? translator.Filter(result, filter) : result;
    }

    private static ImmutableArray<Relation> Unshaped(ImmutableArray<Relation> results, QueryOptionSet query)
    {
        foreach (var option in (string[])[QueryOptionSet.Compute, QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Select])
        {
            if (query[option] is not null)
                throw FeedException.NotImplemented($"The query option '{option}' beside 'concat' is not supported: put it into the branches.", option);
        }

        return results;
    }

    private static ApplyPart Part(Relation result, FeedRequest request, ApplyTranslator translator)
    {
        var order = request.Query[QueryOptionSet.OrderBy] is { } text ? translator.OrderBy(result, text) : result.Order;
        if (order.Length > request.Options.MaxOrderByKeys)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$orderby has more than {request.Options.MaxOrderByKeys} keys.", QueryOptionSet.OrderBy);

        return new(Select(result, request), result.From, [.. order, .. result.Key]);
    }

    private static ImmutableArray<RelationColumn> Select(Relation result, FeedRequest request)
    {
        if (request.Query[QueryOptionSet.Select] is not { } text)
            return result.Columns;

        var clause = new QueryOptionParser(request.Model, request.Options, request.Query, result.Type, result.Set, [new(QueryOptionSet.Select, text)]).ParseSelect()!;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in clause.SelectedItems)
        {
            if (item is WildcardSelectItem)
                return result.Columns;
            if (item is not PathSelectItem { SelectedPath: { Count: 1, FirstSegment: PropertySegment property } })
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, "$select beside $apply takes the names of properties of its result and '*', nothing else.", QueryOptionSet.Select);

            names.Add(property.Identifier);
        }

        return [.. result.Columns.Where(column => names.Contains(column.Name))];
    }

    /// <summary>Empty as long as rows are whole entities, then the names of what is written.</summary>
    private static string Suffix(ImmutableArray<Relation> results, ImmutableArray<ApplyPart> parts)
    {
        if (results is [{ Set: not null } entities] && parts[0].Columns.Length == entities.Columns.Length)
        {
            var dynamic = entities.Columns.Where(static column => column.IsDynamic).Select(static column => column.Name).ToList();
            return dynamic.Count == 0 ? string.Empty : $"({string.Join(',', dynamic.Prepend("*"))})";
        }

        return $"({string.Join(',', parts.SelectMany(static part => part.Columns).Select(static column => column.Name).Distinct(StringComparer.Ordinal))})";
    }
}
