using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>What <c>$select</c> asks for: the columns of the payload, in the table's order, and how the context URL names them.</summary>
/// <param name="Columns">Columns that are written.</param>
/// <param name="Navigation">Navigation properties whose links are written with <c>odata.metadata=full</c>.</param>
/// <param name="ContextSuffix">What follows the entity set's name in the context URL: empty, or the list in parentheses.</param>
internal sealed record SelectPlan(ImmutableArray<ColumnSchema> Columns, ImmutableArray<string> Navigation, string ContextSuffix)
{
    /// <summary>Computed properties that are written, after the columns.</summary>
    public ImmutableArray<ComputedProperty> Computed { get; init; } = [];

    /// <summary>Names of all properties that are written, in their order.</summary>
    public IEnumerable<string> Names => Columns.Select(static column => column.Name).Concat(Computed.Select(static property => property.Name));

    public static SelectPlan Create(SelectExpandClause? clause, TableSchema table, IEdmEntityType type, ImmutableArray<ComputedProperty> computed, IEnumerable<string> expanded)
    {
        var navigation = type.NavigationProperties().Select(static property => property.Name);
        if (clause is null || clause.AllSelected)
            return new(table.Columns, [.. navigation], Suffix([.. computed.IsEmpty ? [] : computed.Select(static property => property.Name).Prepend("*"), .. expanded])) { Computed = computed };

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in clause.SelectedItems)
        {
            switch (item)
            {
                case ExpandedReferenceSelectItem:
                    break;
                case WildcardSelectItem:
                    names.UnionWith(table.Columns.Select(static column => column.Name));
                    names.UnionWith(computed.Select(static property => property.Name));
                    break;
                case PathSelectItem { SelectedPath: { Count: 1 } path } when path.FirstSegment is PropertySegment or NavigationPropertySegment or DynamicPathSegment:
                    names.Add(path.FirstSegment.Identifier);
                    break;
                default:
                    throw FeedException.BadRequest(ErrorCodes.InvalidOption, "$select takes the names of properties and '*', nothing else.", "$select");
            }
        }

        var columns = table.Columns.Where(column => names.Contains(column.Name)).ToImmutableArray();
        var links = navigation.Where(names.Contains).ToImmutableArray();
        var made = computed.Where(property => names.Contains(property.Name)).ToImmutableArray();
        var listed = (columns.Length == table.Columns.Length ? ["*"] : columns.Select(static column => column.Name)).Concat(made.Select(static property => property.Name)).Concat(links).Concat(expanded);
        return new(columns, links, $"({string.Join(',', listed)})") { Computed = made };
    }

    private static string Suffix(List<string> names) => names.Count == 0 ? string.Empty : $"({string.Join(',', names)})";
}
