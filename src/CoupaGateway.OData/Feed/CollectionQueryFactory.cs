using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>Reads the options of a request for an entity set: each by its translator, all against one version of the table.</summary>
internal sealed class CollectionQueryFactory(ISnapshotCatalog catalog, SystemTableReader system, TimeProvider time)
{
    /// <exception cref="FeedException">The request cannot be answered; the error says why.</exception>
    public async ValueTask<CollectionQuery> CreateAsync(FeedRequest request, IEdmEntitySet set, ResponseFormat format, CancellationToken cancellationToken)
    {
        request.Query.Allow(
            "a collection",
            QueryOptionSet.Select, QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Top, QueryOptionSet.Skip, QueryOptionSet.Count,
            QueryOptionSet.SkipToken, QueryOptionSet.Format);
        var (options, query) = (request.Options, request.Query);
        var table = request.Model.TableOf(set.EntityType);
        var parser = request.Parser(set);
        var scope = Scope(request, table, parser);
        var (filter, keys) = Filter(parser, table, scope);
        var order = OrderByTranslator.Translate(parser.ParseOrderBy(), table, scope, options.MaxOrderByKeys);
        var select = SelectPlan.Create(parser.ParseSelect(), table, set.EntityType);
        var name = SkipTokenCodec.QueryName(request.Path, query);
        var (top, skip, withCount) = (query.Number(QueryOptionSet.Top), query.Number(QueryOptionSet.Skip), query.Flag(QueryOptionSet.Count));
        var token = Token(query, name, order, top, skip);
        var wanted = request.Preferences.MaxPageSize;
        var (snapshot, related) = await PinAsync(request, table, scope.Related, token, cancellationToken);
        return new()
        {
            Set = set,
            Snapshot = snapshot,
            Related = related,
            Select = select,
            Filter = filter,
            Keys = keys,
            Order = order,
            Parameters = scope.Parameters,
            Name = name,
            PageSize = Math.Min(wanted ?? token?.PageSize ?? options.DefaultPageSize, request.MaxPageSize),
            Remaining = token is null ? top : token.Remaining,
            Skip = token?.Offset ?? skip ?? 0,
            Token = token,
            WithCount = withCount,
            Format = format,
            OmitNulls = request.Preferences.OmitNulls,
        };
    }

    /// <summary>The rows that <c>/$count</c> counts.</summary>
    public RowCondition CreateFilter(FeedRequest request, IEdmEntitySet set)
    {
        var table = request.Model.TableOf(set.EntityType);
        var parser = request.Parser(set);
        var scope = Scope(request, table, parser);
        var (filter, keys) = Filter(parser, table, scope);
        return new()
        {
            Snapshot = Current(request, table),
            Related = [.. scope.Related.Tables.Select(other => Current(request, other))],
            Filter = filter,
            Keys = keys,
            Parameters = scope.Parameters,
        };
    }

    /// <exception cref="FeedException">503: the table was never loaded.</exception>
    public TableSnapshot Current(FeedRequest request, TableSchema table) =>
        catalog.FindCurrent(new(request.Connection, table.Name)) is { } manifest
            ? new(table, manifest)
            : system.Find(request.Connection, request.Schema, table)
            ?? throw FeedException.Unavailable(ErrorCodes.NotLoaded, $"The table '{table.Name}' is not loaded yet; try again later.", table.Name);

    private async ValueTask<TableSnapshot> PinnedAsync(FeedRequest request, TableSchema table, long version, CancellationToken cancellationToken) =>
        await catalog.FindVersionAsync(new(request.Connection, table.Name), version, cancellationToken) is { } manifest
            ? new(table, manifest)
            : version == 0 && system.Find(request.Connection, request.Schema, table) is { } made ? made
            : throw new FeedException(
                410, ErrorCodes.SnapshotExpired, $"The version of '{table.Name}' that these pages read is gone; read from the first page again.", QueryOptionSet.SkipToken);

    /// <summary>The versions to read: those of today, or those that the first page has read.</summary>
    private async ValueTask<(TableSnapshot Table, ImmutableArray<TableSnapshot> Related)> PinAsync(
        FeedRequest request, TableSchema table, RelatedTables related, SkipToken? token, CancellationToken cancellationToken)
    {
        if (token is null)
            return (Current(request, table), [.. related.Tables.Select(other => Current(request, other))]);
        if (token.Related.Length != related.Tables.Count)
            throw SkipTokenCodec.Invalid();

        var main = await PinnedAsync(request, table, token.Version, cancellationToken);
        var others = ImmutableArray.CreateBuilder<TableSnapshot>(token.Related.Length);
        foreach (var (other, version) in related.Tables.Zip(token.Related))
            others.Add(await PinnedAsync(request, other, version, cancellationToken));
        return (main, others.MoveToImmutable());
    }

    private static (string? Filter, KeyRanges Keys) Filter(QueryOptionParser parser, TableSchema table, ExpressionScope scope) => parser.ParseFilter() is not { } clause
        ? (null, KeyRanges.All)
        : (FilterTranslator.Translate(clause, scope), new KeyRangeReader(table, parser.ParameterAlias).Read(clause.Expression)); // the translator refuses what is too deep

    private ExpressionScope Scope(FeedRequest request, TableSchema table, QueryOptionParser parser) => new()
    {
        Model = request.Model,
        Main = RowReference.Of(table, RowReference.MainAlias),
        ParameterAlias = parser.ParameterAlias,
        Now = time.GetUtcNow().UtcDateTime,
        Limits = new(request.Options.MaxExpressionDepth, request.Options.MaxExpressionNodes, request.Options.MaxNavigations),
    };

    private static SkipToken? Token(
        QueryOptionSet query, string name, ImmutableArray<OrderKey> order, long? top, long? skip)
    {
        if (query[QueryOptionSet.SkipToken] is not { } text)
            return null;
        if (top is not null || skip is not null)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "A $skiptoken already carries $top and $skip: take the nextLink as it is.", QueryOptionSet.SkipToken);

        return SkipTokenCodec.Decode(text, name, order);
    }
}
