namespace CoupaGateway.OData.Translation;

/// <summary>One key of an order: null sorts before every value, so first ascending and last descending.</summary>
/// <param name="Column">Name of the column when the expression is just that; null for a computed one.</param>
internal sealed record OrderKey(SqlFragment Expression, bool Descending, string? Column = null)
{
    public string Clause => Descending ? $"{Expression.Text} DESC NULLS LAST" : $"{Expression.Text} ASC NULLS FIRST";
}
