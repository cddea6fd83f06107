using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Expansion;
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
            QueryOptionSet.SkipToken, QueryOptionSet.Compute, QueryOptionSet.Expand, QueryOptionSet.Format);
        var (options, query) = (request.Options, request.Query);
        var table = request.Model.TableOf(set.EntityType);
        var parser = request.Parser(set);
        var scope = Scope(request, table, parser.ParameterAlias);
        var computed = ComputeTranslator.Translate(parser.ParseCompute(), scope, name => set.EntityType.FindProperty(name) is not null);
        var (filter, keys) = Filter(parser, table, scope);
        var order = OrderByTranslator.Translate(parser.ParseOrderBy(), table, scope, options.MaxOrderByKeys);
        var clause = parser.ParseSelect();
        var expand = new ExpandTranslator(request, scope).Translate(clause, scope.Main, query[QueryOptionSet.Expand]);
        var select = SelectPlan.Create(clause, table, set.EntityType, computed, expand.Context);
        var page = PageOptions.Read(request, order);
        var (snapshot, related) = await PinAsync(request, table, scope.Related, page.Token, cancellationToken);
        return new()
        {
            Set = set,
            Snapshot = snapshot,
            Related = related,
            Select = select,
            Expand = expand,
            Computed = computed,
            Filter = filter,
            Keys = keys,
            Order = order,
            Parameters = scope.Parameters,
            Name = page.Name,
            PageSize = page.Size,
            Remaining = page.Remaining,
            Skip = page.Skip,
            Token = page.Token,
            WithCount = page.WithCount,
            Format = format,
            OmitNulls = request.Preferences.OmitNulls,
        };
    }

    /// <summary>The rows that <c>/$count</c> counts.</summary>
    public RowCondition CreateFilter(FeedRequest request, IEdmEntitySet set)
    {
        var table = request.Model.TableOf(set.EntityType);
        var parser = request.Parser(set);
        var scope = Scope(request, table, parser.ParameterAlias);
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
    public async ValueTask<(TableSnapshot Table, ImmutableArray<TableSnapshot> Related)> PinAsync(
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

    public ExpressionScope Scope(FeedRequest request, TableSchema table, Func<string, SingleValueNode?> parameterAlias) => new()
    {
        Model = request.Model,
        Main = RowReference.Of(table, RowReference.MainAlias),
        ParameterAlias = parameterAlias,
        Now = time.GetUtcNow().UtcDateTime,
        Budget = new(request.Options.MaxExpressionDepth, request.Options.MaxExpressionNodes, request.Options.MaxNavigations),
    };
}
