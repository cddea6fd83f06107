using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Translation;
using Microsoft.OData.UriParser.Aggregation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>The expressions of <c>aggregate</c>. Null is left out of all of them but <c>$count</c>; of nothing but nulls, sum, min, max and average are null.</summary>
internal static class AggregateTranslator
{
    /// <param name="condition">What rows have to fulfil to be taken in; null for all.</param>
    public static ComputedProperty Translate(AggregateExpressionBase node, ExpressionScope scope, string? condition)
    {
        if (node is not AggregateExpression expression)
            throw FeedException.NotImplemented("Aggregation over a collection of nested rows is not supported: aggregate the nested table itself.", node.Alias);

        var filter = condition is null ? string.Empty : $" FILTER (WHERE {condition})";
        return new(expression.Alias, scope.Budget.NewColumn(), Value(expression, scope, filter));
    }

    private static SqlFragment Value(AggregateExpression expression, ExpressionScope scope, string filter)
    {
        if (expression.Method == AggregationMethod.VirtualPropertyCount)
            return new($"count(*){filter}", SqlKind.Int64, Nullable: false);

        var operand = new ExpressionTranslator(scope).Translate(expression.Expression);
        if (expression.Method == AggregationMethod.CountDistinct)
            return operand.IsNull ? new("0", SqlKind.Int64, Nullable: false) : new($"count(DISTINCT {operand.Text}){filter}", SqlKind.Int64, Nullable: false);

        TokenRule.Refuse(operand, $"the aggregation '{expression.Method.ToString().ToLowerInvariant()}'");
        operand = ComputeTranslator.AsColumn(operand, expression.Alias);
        return expression.Method switch
        {
            AggregationMethod.Min => new($"min({operand.Text}){filter}", operand.Kind, Nullable: true),
            AggregationMethod.Max => new($"max({operand.Text}){filter}", operand.Kind, Nullable: true),
            AggregationMethod.Sum or AggregationMethod.Average when !SqlTypes.IsNumeric(operand.Kind) =>
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The aggregation '{expression.Alias}' needs numbers, not values of the type {operand.Kind}.", expression.Alias),

            // DuckDB sums integers in 128 bits.
            AggregationMethod.Sum => new($"CAST(sum({operand.Text}){filter} AS {SqlTypes.Name(operand.Kind)})", operand.Kind, Nullable: true),
            AggregationMethod.Average when operand.Kind == SqlKind.Decimal => new($"CAST(avg({operand.Text}){filter} AS {SqlTypes.Name(SqlKind.Decimal)})", SqlKind.Decimal, Nullable: true),
            AggregationMethod.Average => new($"avg({operand.Text}){filter}", SqlKind.Double, Nullable: true),
            _ => throw FeedException.NotImplemented($"The aggregation '{expression.MethodDefinition.MethodLabel}' is not supported; sum, min, max, average, countdistinct and $count are.", expression.Alias),
        };
    }
}
