using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Feed;

/// <summary>Reads the options of a request for an entity set: each by its translator, all against one version of the table.</summary>
internal sealed class CollectionQueryFactory(ISnapshotCatalog catalog, SystemTableReader system, TimeProvider time)
{
    private static readonly string[] ReferenceOptions =
    [
        QueryOptionSet.Filter, QueryOptionSet.Search, QueryOptionSet.OrderBy, QueryOptionSet.Top, QueryOptionSet.Skip, QueryOptionSet.Count, QueryOptionSet.SkipToken,
        QueryOptionSet.Compute, QueryOptionSet.Format,
    ];

    private static readonly string[] CollectionOptions = [.. ReferenceOptions, QueryOptionSet.Select, QueryOptionSet.Expand, QueryOptionSet.DeltaToken];

    private static readonly string[] EntityOptions = [QueryOptionSet.Select, QueryOptionSet.Expand, QueryOptionSet.Compute, QueryOptionSet.Format];

    /// <exception cref="FeedException">The request cannot be answered; the error says why.</exception>
    public async ValueTask<CollectionQuery> CreateAsync(
        FeedRequest request, RowTarget target, bool isReference, ResponseFormat format, CancellationToken cancellationToken)
    {
        request.Query.Allow("a collection", isReference ? ReferenceOptions : CollectionOptions);
        var reading = Read(request, target);
        var order = OrderByTranslator.Translate(reading.Parser.ParseOrderBy(), reading.Table, reading.Scope, request.Options.MaxOrderByKeys);
        var (select, expand) = isReference ? (SelectPlan.Nothing, ExpandPlan.None) : Shape(request, target, reading);
        var page = PageOptions.Read(request, order);
        var (snapshot, related) = await PinAsync(request, reading.Table, reading.Scope.Related, page.Token, cancellationToken);
        return new()
        {
            Set = target.Set,
            Snapshot = snapshot,
            Related = related,
            Select = select,
            Expand = expand,
            Computed = reading.Computed,
            Filter = reading.Filter,
            Keys = reading.Keys,
            Point = target.Key.IsEmpty && request.Query[QueryOptionSet.Search] is null ? KeyRangeReader.Point(reading.Parser.ParseFilter(), reading.Table) : null,
            Order = order,
            Parameters = reading.Scope.Parameters,
            Name = page.Name,
            PageSize = page.Size,
            Remaining = page.Remaining,
            Skip = page.Skip,
            Token = page.Token,
            WithCount = page.WithCount,
            Format = format,
            OmitNulls = request.Preferences.OmitNulls,
            IsReference = isReference,
        };
    }

    /// <summary>One row by its whole key.</summary>
    public CollectionQuery CreateEntity(FeedRequest request, RowTarget target, bool isReference, ResponseFormat format)
    {
        request.Query.Allow("an entity", isReference ? [QueryOptionSet.Format] : EntityOptions);
        var reading = Read(request, target);
        var (select, expand) = isReference ? (SelectPlan.Nothing, ExpandPlan.None) : Shape(request, target, reading);
        return Single(request, target, reading, format) with { Select = select, Expand = expand, IsReference = isReference };
    }

    /// <summary>One column of one row.</summary>
    public CollectionQuery CreateProperty(FeedRequest request, RowTarget target, string property, ResponseFormat format)
    {
        var reading = Read(request, target);
        return Single(request, target, reading, format) with { Select = SelectPlan.Nothing with { Columns = [reading.Scope.Column(reading.Table, property)] } };
    }

    /// <summary>The rows that <c>/$count</c> counts.</summary>
    public RowCondition CreateFilter(FeedRequest request, RowTarget target)
    {
        var reading = Read(request, target);
        return new()
        {
            Snapshot = Current(request, reading.Table),
            Related = [.. reading.Scope.Related.Tables.Select(other => Current(request, other))],
            Filter = reading.Filter,
            Keys = reading.Keys,
            Parameters = reading.Scope.Parameters,
        };
    }

    private CollectionQuery Single(FeedRequest request, RowTarget target, Reading reading, ResponseFormat format) => new()
    {
        Set = target.Set,
        Snapshot = Current(request, reading.Table),
        Related = [.. reading.Scope.Related.Tables.Select(other => Current(request, other))],
        Select = SelectPlan.Nothing,
        Computed = reading.Computed,
        Filter = reading.Filter,
        Keys = reading.Keys,
        Order = [],
        Parameters = reading.Scope.Parameters,
        Name = string.Empty,
        PageSize = 1,
        Format = format,
        OmitNulls = request.Preferences.OmitNulls,
    };

    private Reading Read(FeedRequest request, RowTarget target)
    {
        var table = request.Model.TableOf(target.Set.EntityType);
        var parser = request.Parser(target.Set);
        var scope = Scope(request, table, parser.ParameterAlias);
        var computed = ComputeTranslator.Translate(parser.ParseCompute(), scope, name => target.Set.EntityType.FindProperty(name) is not null);
        var (filter, keys) = Filter(parser, table, scope);
        var search = parser.ParseSearch() is { } clause ? new SearchTranslator(scope).Translate(clause) : null;
        string[] conditions = [.. new[] { target.Condition(scope.Main, scope.Parameters), filter, search }.OfType<string>()];
        return new(table, parser, scope, computed, conditions.Length == 0 ? null : string.Join(" AND ", conditions), keys.And(target.Keys));
    }

    private static (SelectPlan Select, ExpandPlan Expand) Shape(FeedRequest request, RowTarget target, Reading reading)
    {
        var clause = reading.Parser.ParseSelect();
        var expand = new ExpandTranslator(request, reading.Scope).Translate(clause, reading.Scope.Main, reading.Parser.Expand);
        return (SelectPlan.Create(clause, reading.Table, target.Set.EntityType, reading.Computed, expand.Context), expand);
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

    /// <summary>What the options of a request say of rows, before their order and their shape.</summary>
    private sealed record Reading(
        TableSchema Table, QueryOptionParser Parser, ExpressionScope Scope, ImmutableArray<ComputedProperty> Computed, string? Filter, KeyRanges Keys);
}
