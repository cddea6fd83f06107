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
                throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$expand has more than {request.Options.MaxExpandItems} navigation properties.", QueryOptionSet.Expand);
            if (item.PathToNavigationProperty is not [NavigationPropertySegment segment] || item.NavigationSource is not IEdmEntitySet set)
                throw FeedException.NotImplemented("$expand takes navigation properties of the rows themselves.", QueryOptionSet.Expand);
            if (item.ApplyOption is not null || item.SearchOption is not null)
                throw FeedException.NotImplemented("$apply and $search inside $expand are not supported.", QueryOptionSet.Expand);

            var property = segment.NavigationProperty;
            var isCollection = property.Type.IsCollection();
            if (item is ExpandedCountSelectItem || item.CountOption == true)
            {
                if (!isCollection)
                    throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"'{property.Name}' is no collection that could be counted.", QueryOptionSet.Expand);
                counts.Add((property.Name, Count(item, set, above)));
            }

            if (item is ExpandedNavigationSelectItem expanded)
                levels.Add(Level(expanded, above, property.Name, set, isCollection, ExpandText.Options(text, property.Name), depth));
            else if (item is not ExpandedCountSelectItem)
                throw FeedException.NotImplemented("$ref inside $expand is not supported.", QueryOptionSet.Expand);
        }

        return new(levels.ToImmutable(), counts.ToImmutable());
    }

    private ExpandLevel Level(ExpandedNavigationSelectItem item, RowReference above, string name, IEdmEntitySet set, bool isCollection, Dictionary<string, string> options, int depth)
    {
        var (table, inner) = Related(set);
        var from = scope.Related.Use(table);
        var alias = inner.Main.Alias!;
        var computed = ComputeTranslator.Translate(item.ComputeOption, inner, property => set.EntityType.FindProperty(property) is not null);
        if (!computed.IsEmpty)
            from = $"(SELECT {alias}.*, {string.Join(", ", computed.Select(static property => property.SelectItem))} FROM {from} AS {alias})";
        var inside = Translate(item.SelectAndExpand, inner.Main, options.GetValueOrDefault(QueryOptionSet.Expand), depth + 1);
        return new()
        {
            Name = name,
            IsCollection = isCollection,
            Set = set,
            Table = table,
            From = from,
            Row = inner.Main,
            Select = SelectPlan.Create(item.SelectAndExpand, table, set.EntityType, computed, inside.Context),
            Filter = item.FilterOption is { } filter ? FilterTranslator.Translate(filter, inner) : null,
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
        var condition = item.FilterOption is { } filter ? $" AND {FilterTranslator.Translate(filter, inner)}" : string.Empty;
        return $"(SELECT count(*) FROM {scope.Related.Use(table)} AS {alias} WHERE {RowReference.Join(inner.Main, above.Key)}{condition})";
    }

    private (Schema.TableSchema Table, ExpressionScope Scope) Related(IEdmEntitySet set)
    {
        var table = scope.TableOf(set.EntityType);
        return (table, scope.For(RowReference.Of(table, scope.Budget.NewAlias()), scope.ParameterAlias));
    }
}
