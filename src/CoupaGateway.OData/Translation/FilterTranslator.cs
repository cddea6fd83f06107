using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary><c>$filter</c> as the condition of a WHERE clause: rows stay where it is true, not where it is false or null.</summary>
internal static class FilterTranslator
{
    public static string Translate(FilterClause clause, ExpressionScope scope) =>
        ExpressionTranslator.AsCondition(new ExpressionTranslator(scope).Translate(clause.Expression, nullIsFalse: true)).Text;
}
