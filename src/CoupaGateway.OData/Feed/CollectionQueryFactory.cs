using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

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
        var parser = new FeedUriParser(request.Model, options);
        var parameters = new SqlParameters();
        var scope = Scope(table, parameters, options);
        var (filter, keys) = Filter(parser.ParseFilter(query, set), table, scope);
        var order = OrderByTranslator.Translate(parser.ParseOrderBy(query, set), table, scope, options.MaxOrderByKeys);
        var select = SelectPlan.Create(parser.ParseSelect(query, set), table, set.EntityType);
        var name = SkipTokenCodec.QueryName(request.Path, query);
        var (top, skip, withCount) = (query.Number(QueryOptionSet.Top), query.Number(QueryOptionSet.Skip), query.Flag(QueryOptionSet.Count));
        var token = Token(query, name, order, top, skip);
        var wanted = request.Preferences.MaxPageSize;
        var snapshot = token is null
            ? Current(request, table)
            : await PinnedAsync(request, table, token.Version, cancellationToken);
        return new()
        {
            Set = set,
            Snapshot = snapshot,
            Select = select,
            Filter = filter,
            Keys = keys,
            Order = order,
            Parameters = parameters,
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

    /// <summary>The condition of <c>$filter</c> for <c>/$count</c>.</summary>
    public (string? Filter, KeyRanges Keys, SqlParameters Parameters) CreateFilter(FeedRequest request, IEdmEntitySet set)
    {
        var parameters = new SqlParameters();
        var table = request.Model.TableOf(set.EntityType);
        var clause = new FeedUriParser(request.Model, request.Options).ParseFilter(request.Query, set);
        var (filter, keys) = Filter(clause, table, Scope(table, parameters, request.Options));
        return (filter, keys, parameters);
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

    private static (string? Filter, KeyRanges Keys) Filter(FilterClause? clause, TableSchema table, ExpressionScope scope) => clause is null
        ? (null, KeyRanges.All)
        : (FilterTranslator.Translate(clause, scope), KeyRangeReader.Read(clause.Expression, table.Key[0].Name)); // the translator refuses what is too deep

    private ExpressionScope Scope(TableSchema table, SqlParameters parameters, FeedOptions options) =>
        new(table, parameters, time.GetUtcNow().UtcDateTime, options.MaxExpressionDepth, options.MaxExpressionNodes);

    private static SkipToken? Token(
        QueryOptionSet query, string name, System.Collections.Immutable.ImmutableArray<OrderKey> order, long? top, long? skip)
    {
        if (query[QueryOptionSet.SkipToken] is not { } text)
            return null;
        if (top is not null || skip is not null)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "A $skiptoken already carries $top and $skip: take the nextLink as it is.", QueryOptionSet.SkipToken);

        return SkipTokenCodec.Decode(text, name, order);
    }
}
