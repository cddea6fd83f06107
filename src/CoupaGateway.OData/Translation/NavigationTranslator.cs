using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Resources;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// Properties and navigation. The key of a nested row begins with the key of the row that it is nested in, so the way up needs no table but for columns
/// beside the key, and the way down is a subquery over the nested table.
/// </summary>
internal sealed class NavigationTranslator(ExpressionScope scope, ExpressionTranslator expressions)
{
    public SqlFragment Property(SingleValuePropertyAccessNode node)
    {
        if (node.Source is not SingleResourceNode source)
            throw FeedException.NotImplemented($"The path to '{node.Property.Name}' is not supported.", node.Property.Name);

        var path = node.Property.Name;
        for (; source is SingleComplexNode { Source: { } outer } inner; source = outer)
            path = $"{inner.Property.Name}/{path}";
        var row = Row(source);
        return row.Computed.TryGetValue(path, out var computed) ? computed : Property(row, path);
    }

    /// <summary><c>$root/invoices(1)/status</c>: a property of one row of any table, the same for all rows; null where that row is not there (URL Conventions 4.01, section 5.1.1.14.5).</summary>
    public SqlFragment Root(RootPathNode node)
    {
        if (ResourcePath.Resolve(node.Path) is not { Part: ResourcePart.Property, Above.IsEmpty: true } path)
            throw FeedException.NotImplemented("Behind $root can stand a table, the key of a row, and a property: $root/invoices(1)/status.", "$root");

        var table = scope.TableOf(path.Target.Set.EntityType);
        var row = RowReference.Of(table, scope.Budget.NewAlias());
        var value = Property(row, path.Property!.Name);
        return value with
        {
            Text = $"(SELECT {value.Text} FROM {scope.Related.Use(table)} AS {row.Alias} WHERE {path.Target.Condition(row, scope.Parameters)})",
            Nullable = true,
        };
    }

    /// <summary>A property of the nested rows that are aggregated.</summary>
    public SqlFragment Aggregated(AggregatedCollectionPropertyNode node) => Property(scope.Main, node.Property.Name);

    private SqlFragment Property(RowReference row, string name)
    {
        var column = scope.Column(row.Table, name);
        return new(Text(row, column), SqlTypes.Kind(column.Type), Nullable: !column.IsKey)
        {
            TokensOf = column.IsTokenOnly ? column.Name : null,
        };
    }

    /// <summary>A property that ODL has no type of: one of <c>$compute</c>.</summary>
    public SqlFragment Computed(SingleValueOpenPropertyAccessNode node) => node.Source is SingleResourceNode source && Row(source).Computed.TryGetValue(node.Name, out var computed)
        ? computed
        : throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"There is no property '{node.Name}'.", node.Name);

    /// <summary><c>any</c> and <c>all</c>: a condition that is null for a row is not true for it.</summary>
    public SqlFragment Lambda(LambdaNode node)
    {
        var isAll = node is AllNode;
        var (from, row, related) = Rows(node.Source);
        if (node.CurrentRangeVariable is { } variable)
            scope.Declare(variable, row);
        var condition = Condition(node.Body);
        return new(isAll ? $"(NOT EXISTS (SELECT 1 FROM {from} WHERE {related} AND {condition} IS NOT TRUE))" : $"(EXISTS (SELECT 1 FROM {from} WHERE {related} AND {condition}))", SqlKind.Boolean, Nullable: false);
    }

    /// <summary><c>/$count</c>, with its own <c>$filter</c> if it has one.</summary>
    public SqlFragment Count(CountNode node)
    {
        if (node.Source is not CollectionResourceNode source)
            throw FeedException.NotImplemented("$count is not supported on this path.", "$count");

        var (from, row, related) = Rows(source);
        var condition = string.Empty;
        if (node.FilterClause is { } filter)
        {
            scope.Declare(filter.RangeVariable, row);
            condition = $" AND {Condition(filter.Expression)}";
        }

        if (node.SearchClause is { } search)
            condition += $" AND {new SearchTranslator(scope.For(row, scope.ParameterAlias)).Translate(search)}";
        return new($"(SELECT count(*) FROM {from} WHERE {related}{condition})", SqlKind.Int64, Nullable: false);
    }

    private string Condition(SingleValueNode node) => ExpressionTranslator.AsCondition(expressions.Translate(node, nullIsFalse: true)).Text;

    private RowReference Row(SingleResourceNode node) => node switch
    {
        ResourceRangeVariableReferenceNode variable => scope.Row(variable.RangeVariable),
        SingleNavigationNode up => Row(up.Source).Above(scope.TableOf(up.NavigationProperty.ToEntityType())),
        _ => throw FeedException.NotImplemented($"Paths over '{node.Kind}' are not supported.", node.Kind.ToString()),
    };

    private (string From, RowReference Row, string Related) Rows(CollectionNode node)
    {
        if (node is not CollectionNavigationNode { Source: { } source } down)
            throw FeedException.NotImplemented($"Collections of the kind '{node.Kind}' are not supported.", node.Kind.ToString());

        var above = Row(source);
        var (alias, table) = (scope.Budget.NewAlias(), scope.TableOf(down.NavigationProperty.ToEntityType()));
        var row = RowReference.Of(table, alias);
        return ($"{scope.Related.Use(table)} AS {alias}", row, RowReference.Join(row, above.Key));
    }

    private string Text(RowReference row, ColumnSchema column)
    {
        if (row.Alias is { } known)
            return $"{known}.{SqlText.Identifier(column.Name)}";
        if (row.Table.Key.IndexOf(column) is >= 0 and var part)
            return row.Key[part];

        var alias = scope.Budget.NewAlias();
        return $"(SELECT {alias}.{SqlText.Identifier(column.Name)} FROM {scope.Related.Use(row.Table)} AS {alias} WHERE {RowReference.Join(RowReference.Of(row.Table, alias), row.Key)})";
    }
}
