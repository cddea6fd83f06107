using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Translation;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>The expressions of <c>aggregate</c>. Null is left out of all of them but <c>$count</c>; of nothing but nulls, sum, min, max and average are null.</summary>
/// <param name="subqueries">Gets what has to be a column of the rows.</param>
/// <param name="condition">What rows have to fulfil to be taken in; null for all.</param>
internal sealed class AggregateTranslator(ExpressionScope scope, SubqueryColumns subqueries, string? condition)
{
    private readonly string _filter = condition is null ? string.Empty : $" FILTER (WHERE {condition})";

    /// <summary>What the expression gives: one property, or, over nested rows, those in the object of an array.</summary>
    public IEnumerable<RelationColumn> Translate(AggregateExpressionBase node) => node switch
    {
        AggregateExpression { Method: AggregationMethod.VirtualPropertyCount, Expression: CountNode { Source: CollectionNavigationNode nested } } count => [Column(count.Alias, Nested(count, nested.NavigationProperty))],
        AggregateExpression expression => [Column(expression.Alias, Value(expression))],
        EntitySetAggregateExpression nested => Nested(nested, above: []),
        _ => throw FeedException.NotImplemented($"The aggregation '{node.Alias}' is not supported.", node.Alias),
    };

    private static RelationColumn Column(string alias, SqlFragment value)
    {
        PropertyNames.Check(alias, QueryOptionSet.Apply);
        return new(alias, value, IsDynamic: true);
    }

    private SqlFragment Value(AggregateExpression expression)
    {
        if (expression.Method == AggregationMethod.VirtualPropertyCount)
            return new($"count(*){_filter}", SqlKind.Int64, Nullable: false);

        var operand = Operand(expression, scope);
        if (expression.Method == AggregationMethod.CountDistinct)
            return operand.IsNull ? new("0", SqlKind.Int64, Nullable: false) : new($"count(DISTINCT {subqueries.Use(operand.Text)}){_filter}", SqlKind.Int64, Nullable: false);

        operand = operand with { Text = subqueries.Use(operand.Text) };
        return expression.Method switch
        {
            AggregationMethod.Min => new($"min({operand.Text}){_filter}", operand.Kind, Nullable: true),
            AggregationMethod.Max => new($"max({operand.Text}){_filter}", operand.Kind, Nullable: true),

            // DuckDB sums integers in 128 bits.
            AggregationMethod.Sum => new($"CAST(sum({operand.Text}){_filter} AS {SqlTypes.Name(operand.Kind)})", operand.Kind, Nullable: true),
            AggregationMethod.Average => Average($"avg({operand.Text}){_filter}", operand.Kind),
            _ => throw NotSupported(expression),
        };
    }

    /// <summary>
    /// Nested rows belong to one row each, so what is aggregated of them for every row can be aggregated once more: sums of sums, the least of the least. Only the values that are
    /// told apart have to be kept.
    /// </summary>
    /// <param name="above">The collections that the nested rows stand in.</param>
    private IEnumerable<RelationColumn> Nested(EntitySetAggregateExpression nested, ImmutableArray<NestingStep> above)
    {
        var property = nested.Expression.NavigationProperty;
        above = above.Add(new(property.Name, IsCollection: true));
        foreach (var child in nested.Children)
        {
            var columns = child switch
            {
                AggregateExpression expression => [Column(expression.Alias, Nested(expression, property)) with { Above = above }],
                EntitySetAggregateExpression further => Nested(further, above),
                _ => throw FeedException.NotImplemented($"The aggregation '{child.Alias}' is not supported.", child.Alias),
            };
            foreach (var column in columns)
                yield return column;
        }
    }

    private SqlFragment Nested(AggregateExpression expression, IEdmNavigationProperty collection)
    {
        var table = scope.TableOf(collection.ToEntityType());
        var row = RowReference.Of(table, scope.Budget.NewAlias());
        var inner = scope.For(row, scope.ParameterAlias);
        var operand = expression.Method == AggregationMethod.VirtualPropertyCount ? default : Operand(expression, inner);
        string Each(string aggregate) => subqueries.Add($"(SELECT {aggregate} FROM {scope.Related.Use(table)} AS {row.Alias} WHERE {RowReference.Join(row, scope.Main.Key)})");

        switch (expression.Method)
        {
            case AggregationMethod.VirtualPropertyCount:
                return new($"CAST(coalesce(sum({Each("count(*)")}){_filter}, 0) AS {SqlTypes.Name(SqlKind.Int64)})", SqlKind.Int64, Nullable: false);
            case AggregationMethod.CountDistinct:
                return operand.IsNull
                    ? new("0", SqlKind.Int64, Nullable: false)
                    : new($"CAST(coalesce(len(list_distinct(flatten(list({Each($"list(DISTINCT {operand.Text})")}){_filter}))), 0) AS {SqlTypes.Name(SqlKind.Int64)})", SqlKind.Int64, Nullable: false);
            case AggregationMethod.Min:
                return new($"min({Each($"min({operand.Text})")}){_filter}", operand.Kind, Nullable: true);
            case AggregationMethod.Max:
                return new($"max({Each($"max({operand.Text})")}){_filter}", operand.Kind, Nullable: true);
            case AggregationMethod.Sum:
                return new($"CAST(sum({Each($"sum({operand.Text})")}){_filter} AS {SqlTypes.Name(operand.Kind)})", operand.Kind, Nullable: true);
            case AggregationMethod.Average:
                var (sum, count) = (Each($"sum({operand.Text})"), Each($"count({operand.Text})"));
                return Average($"(CAST(sum({sum}){_filter} AS DOUBLE) / nullif(sum({count}){_filter}, 0))", operand.Kind);
            default:
                throw NotSupported(expression);
        }
    }

    private static SqlFragment Operand(AggregateExpression expression, ExpressionScope inner)
    {
        var operand = new ExpressionTranslator(inner).Translate(expression.Expression);
        if (expression.Method == AggregationMethod.CountDistinct)
            return operand;

        TokenRule.Refuse(operand, $"the aggregation '{expression.Method.ToString().ToLowerInvariant()}'");
        operand = ComputeTranslator.AsColumn(operand);
        return expression.Method is AggregationMethod.Sum or AggregationMethod.Average && !SqlTypes.IsNumeric(operand.Kind)
            ? throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The aggregation '{expression.Alias}' needs numbers, not values of the type {operand.Kind}{(operand.Kind == SqlKind.Duration ? "; totalseconds(…) of a duration is one" : "")}.", expression.Alias)
            : operand;
    }

    private static SqlFragment Average(string text, SqlKind kind) => kind == SqlKind.Decimal
        ? new(ArithmeticTranslator.Rounded(text), SqlKind.Decimal, Nullable: true)
        : new(text, SqlKind.Double, Nullable: true);

    private static FeedException NotSupported(AggregateExpression expression) => FeedException.NotImplemented(
        $"The aggregation '{expression.MethodDefinition.MethodLabel}' is not supported; sum, min, max, average, countdistinct and $count are.", expression.Alias);
}
