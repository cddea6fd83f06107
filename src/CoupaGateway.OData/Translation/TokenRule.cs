using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Translation;

/// <summary>What cannot be done with tokens, because an order or a part of them means nothing.</summary>
internal static class TokenRule
{
    /// <param name="use">What was tried: <c>ordering</c>, <c>the function 'contains'</c>.</param>
    /// <exception cref="FeedException">400: the value is a token.</exception>
    public static void Refuse(SqlFragment value, string use)
    {
        if (value.TokensOf is { } column)
        {
            throw FeedException.BadRequest(
                ErrorCodes.InvalidOption,
                $"The column '{column}' is pseudonymized: its values are tokens, and {use} would tell nothing about the values behind them. eq, ne, in, null checks and grouping work; "
                + "an operator can ask the gateway for the token of a known value.",
                column);
        }
    }
}
