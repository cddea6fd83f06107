using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Aggregation;

/// <summary>Reads the options of a request with <c>$apply</c>: the other options apply to its result.</summary>
internal sealed class ApplyQueryFactory(CollectionQueryFactory collections)
{
    /// <summary>Options that need the results of <c>concat</c> as one.</summary>
    private static readonly string[] ShapingOptions =
        [QueryOptionSet.Compute, QueryOptionSet.Search, QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Select, QueryOptionSet.Expand];

    /// <param name="isWhole">Whether all rows are wanted at once, as rows with the same columns.</param>
    public async ValueTask<ApplyQuery> CreateAsync(FeedRequest request, RowTarget target, ResponseFormat format, bool isWhole, CancellationToken cancellationToken)
    {
        var (query, set) = (request.Query, target.Set);
        query.Allow(
            "the result of $apply",
            [.. ShapingOptions, QueryOptionSet.Apply, QueryOptionSet.Top, QueryOptionSet.Skip, QueryOptionSet.Count, QueryOptionSet.SkipToken, QueryOptionSet.Format]);
        var table = request.Model.TableOf(set.EntityType);
        var scope = collections.Scope(request, table, static _ => null);
        var translator = new ApplyTranslator(
            scope,
            (relation, option, text) => new(request.Model, request.Options, query, relation.Type, relation.Set, [new(option, text)]) { Place = QueryOptionSet.Apply },
            request.Options.MaxTransformations);
        var results = translator.Translate(Relation.Of(table, set, From(target, scope), target.Keys), query[QueryOptionSet.Apply]!);
        if (results.Length > 1 && (isWhole || ShapingOptions.Any(option => query[option] is not null)))
            results = [translator.One(results)];
        if (results is [var single])
            results = [Shape(single, query, translator)];

        var expand = results is [var entities] ? Expand(entities, request, scope) : ExpandPlan.None;
        var parts = results is [var one] ? [Part(one, request, translator, expand)] : results.Select(static result => new ApplyPart(result.Columns, result.From, [.. result.Order, .. result.Key]) { IsSparse = result.IsSparse }).ToImmutableArray();
        var page = PageOptions.Read(request, part => part < parts.Length ? parts[part].Order : null);
        var (snapshot, related) = await collections.PinAsync(request, table, scope.Related, page.Token, cancellationToken);
        var apply = new ApplyQuery
        {
            Set = set,
            Snapshot = snapshot,
            Related = related,
            Keys = KeyRanges.Any(results.Select(static result => result.Keys)),
            Parameters = scope.Parameters,
            Parts = parts,
            Page = page,
            Format = format,
            ContextSuffix = Suffix(results, parts, expand),
        };
        return expand == ExpandPlan.None ? apply : apply with { Expanded = Entities(apply, expand, request) };
    }

    private static string From(RowTarget target, ExpressionScope scope) => target.Condition(scope.Main, scope.Parameters) is { } condition
        ? $"(SELECT * FROM {Relation.Main} AS {RowReference.MainAlias} WHERE {condition})"
        : Relation.Main;

    private static Relation Shape(Relation result, QueryOptionSet query, ApplyTranslator translator)
    {
        if (query[QueryOptionSet.Compute] is { } compute)
            result = translator.Compute(result, compute);
        if (query[QueryOptionSet.Search] is { } search)
            result = translator.Search(result, search);
        return query[QueryOptionSet.Filter] is { } filter ? translator.Filter(result, filter) : result;
    }

    private static ExpandPlan Expand(Relation result, FeedRequest request, ExpressionScope scope)
    {
        if (request.Query[QueryOptionSet.Expand] is not { } text)
            return ExpandPlan.None;
        if (result.Set is null)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "$expand beside $apply needs rows that are still those of the table: what was grouped or aggregated has no related rows.", QueryOptionSet.Expand);

        var parser = Parser(request, result, QueryOptionSet.Expand, text);
        return new ExpandTranslator(request, scope.For(result.Row, parser.ParameterAlias)).Translate(parser.ParseSelect(), result.Row, parser.Expand);
    }

    private static ApplyPart Part(Relation result, FeedRequest request, ApplyTranslator translator, ExpandPlan expand)
    {
        var order = request.Query[QueryOptionSet.OrderBy] is { } text ? translator.OrderBy(result, text) : result.Order;
        if (order.Length > request.Options.MaxOrderByKeys)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$orderby has more than {request.Options.MaxOrderByKeys} keys.", QueryOptionSet.OrderBy);

        var columns = Select(result, request);
        return new(columns, result.From, [.. order, .. result.Key])
        {
            IsSparse = result.IsSparse,
            Counts = expand.Counts,
            Hidden = expand == ExpandPlan.None
                ? []
                : [.. result.Row.Table.Key.Zip(result.Row.Key, static (column, sql) => (column.Name, sql)).Where(key => !columns.Any(column => column.Name == key.Name))],
        };
    }

    private static ImmutableArray<RelationColumn> Select(Relation result, FeedRequest request)
    {
        if (request.Query[QueryOptionSet.Select] is not { } text)
            return result.Columns;

        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Parser(request, result, QueryOptionSet.Select, text).ParseSelect()!.SelectedItems)
        {
            if (item is WildcardSelectItem)
                return result.Columns;
            if (item is not PathSelectItem path || !path.SelectedPath.All(static segment => segment is PropertySegment))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, "$select beside $apply takes the names of properties of its result and '*', nothing else.", QueryOptionSet.Select);

            paths.Add(string.Join('/', path.SelectedPath.Select(static segment => segment.Identifier)));
        }

        return [.. result.Columns.Where(column => paths.Any(path => column.Path == path || column.Path.StartsWith(path + "/", StringComparison.Ordinal)))];
    }

    private static QueryOptionParser Parser(FeedRequest request, Relation result, string option, string text) =>
        new(request.Model, request.Options, request.Query, result.Type, result.Set, [new(option, text)]);

    /// <summary>Empty as long as rows are whole entities, then the names of what is written.</summary>
    private static string Suffix(ImmutableArray<Relation> results, ImmutableArray<ApplyPart> parts, ExpandPlan expand)
    {
        if (results is [{ Set: not null } entities] && parts[0].Columns.Length == entities.Columns.Length)
        {
            string[] names = [.. entities.Columns.Where(static column => column.IsDynamic).Select(static column => column.Name)];
            return names.Length == 0 && expand == ExpandPlan.None ? string.Empty : $"({string.Join(',', (names.Length == 0 ? names : names.Prepend("*")).Concat(expand.Context))})";
        }

        return $"({string.Join(',', new[] { ResultNames.List(parts.SelectMany(static part => part.Columns)) }.Concat(expand.Context))})";
    }

    private static CollectionQuery Entities(ApplyQuery apply, ExpandPlan expand, FeedRequest request) => new()
    {
        Set = apply.Set,
        Snapshot = apply.Snapshot,
        Related = apply.Related,
        Select = SelectPlan.Nothing,
        Expand = expand,
        Order = apply.Parts[0].Order,
        Parameters = apply.Parameters,
        Name = apply.Page.Name,
        PageSize = apply.Page.Size,
        Format = apply.Format,
        OmitNulls = request.Preferences.OmitNulls,
    };
}
