using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Translation;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Expansion;

/// <summary><c>$expand</c>, with the options inside it.</summary>
internal sealed class ExpandTranslator(FeedRequest request, ExpressionScope scope)
{
    private int _items;

    /// <param name="above">The row whose navigation properties are expanded.</param>
    /// <param name="text">The text that the clause was parsed from; null where nothing is expanded.</param>
    /// <param name="depth">How many levels are above.</param>
    public ExpandPlan Translate(SelectExpandClause? clause, RowReference above, string? text, int depth = 0)
    {
        if (clause is null || text is null)
            return ExpandPlan.None;
        if (depth == request.Options.MaxExpandDepth)
            throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$expand is nested deeper than {depth} levels.", QueryOptionSet.Expand);

        var levels = ImmutableArray.CreateBuilder<ExpandLevel>();
        var counts = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var item in clause.SelectedItems.OfType<ExpandedReferenceSelectItem>())
        {
            if (++_items > request.Options.MaxExpandItems)
                throw TooMany(request.Options);
            if (item.PathToNavigationProperty is not [NavigationPropertySegment segment] || item.NavigationSource is not IEdmEntitySet set)
                throw FeedException.NotImplemented("$expand takes navigation properties of the rows themselves.", QueryOptionSet.Expand);
            if (item.ApplyOption is not null)
                throw FeedException.NotImplemented("$apply inside $expand is not supported.", QueryOptionSet.Expand);

            // ODL passes over the others.
            var property = segment.NavigationProperty;
            if (item is ExpandedCountSelectItem && ExpandText.Options(text, $"{property.Name}/$count").Keys.Any(static option => option is not (QueryOptionSet.Filter or QueryOptionSet.Search)))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"'{property.Name}/$count' takes $filter and $search in $expand, nothing else.", QueryOptionSet.Expand);

            var isCollection = property.Type.IsCollection();
            if (item is ExpandedCountSelectItem || item.CountOption == true)
            {
                if (!isCollection)
                    throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"'{property.Name}' is no collection that could be counted.", QueryOptionSet.Expand);
                counts.Add((property.Name, Count(item, set, above)));
            }

            if (item is not ExpandedCountSelectItem)
                levels.Add(Level(item, above, property.Name, set, isCollection, ExpandText.Options(text, property.Name), depth));
        }

        return new(levels.ToImmutable(), counts.ToImmutable());
    }

    public static FeedException TooMany(FeedOptions options) =>
        FeedException.BadRequest(ErrorCodes.TooComplex, $"$expand has more than {options.MaxExpandItems} navigation properties.", QueryOptionSet.Expand);

    private ExpandLevel Level(ExpandedReferenceSelectItem item, RowReference above, string name, IEdmEntitySet set, bool isCollection, Dictionary<string, string> options, int depth)
    {
        var (table, inner) = Related(set);
        var from = scope.Related.Use(table);
        var alias = inner.Main.Alias!;
        var computed = ComputeTranslator.Translate(item.ComputeOption, inner, property => set.EntityType.FindProperty(property) is not null);
        if (!computed.IsEmpty)
            from = $"(SELECT {alias}.*, {string.Join(", ", computed.Select(static property => property.SelectItem))} FROM {from} AS {alias})";
        var clause = (item as ExpandedNavigationSelectItem)?.SelectAndExpand;
        var inside = Translate(clause, inner.Main, options.GetValueOrDefault(QueryOptionSet.Expand), depth + 1);
        return new()
        {
            Name = name,
            IsCollection = isCollection,
            Set = set,
            Table = table,
            From = from,
            Row = inner.Main,
            IsReference = item is not ExpandedNavigationSelectItem,
            Select = item is ExpandedNavigationSelectItem ? SelectPlan.Create(clause, table, set.EntityType, computed, inside.Context) : SelectPlan.Nothing,
            Filter = Condition(item, inner),
            Order = OrderByTranslator.Translate(item.OrderByOption, table, inner, request.Options.MaxOrderByKeys),
            KeyParts = Math.Min(above.Key.Length, inner.Main.Key.Length),
            Skip = item.SkipOption ?? 0,
            Top = item.TopOption,
            LinkOptions = ExpandText.Link(options, request.Query),
            Inside = inside,
        };
    }

    private string Count(ExpandedReferenceSelectItem item, IEdmEntitySet set, RowReference above)
    {
        var (table, inner) = Related(set);
        var alias = inner.Main.Alias!;
        var condition = Condition(item, inner) is { } text ? $" AND {text}" : string.Empty;
        return $"(SELECT count(*) FROM {scope.Related.Use(table)} AS {alias} WHERE {RowReference.Join(inner.Main, above.Key)}{condition})";
    }

    private static string? Condition(ExpandedReferenceSelectItem item, ExpressionScope inner)
    {
        var filter = item.FilterOption is { } condition ? FilterTranslator.Translate(condition, inner) : null;
        var search = item.SearchOption is { } words ? new SearchTranslator(inner).Translate(words) : null;
        return filter is null || search is null ? filter ?? search : $"{filter} AND {search}";
    }

    private (Schema.TableSchema Table, ExpressionScope Scope) Related(IEdmEntitySet set)
    {
        var table = scope.TableOf(set.EntityType);
        return (table, scope.For(RowReference.Of(table, scope.Budget.NewAlias()), scope.ParameterAlias));
    }
}
