using System.Globalization;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>
/// The parts of an instant are those that its own offset gives: <c>hour(2026-01-01T11:00:00+01:00)</c> is 11. Instants of tables are UTC; only literals have other offsets.
/// </summary>
internal static class OffsetTime
{
    /// <summary>The literal as the clock at its offset shows it, where the function looks at that; null for every other argument.</summary>
    public static SqlFragment? Argument(string function, SingleValueNode node, SqlParameters parameters) =>
        function is "year" or "month" or "day" or "hour" or "minute" or "second" or "fractionalseconds" or "date" or "time" && Literal(node) is { } literal
            ? LiteralTranslator.Parameter(DateTime.SpecifyKind(literal.DateTime, DateTimeKind.Utc), SqlKind.DateTime, parameters)
            : null;

    /// <summary>What <c>totaloffsetminutes</c> of a literal is; null for every other argument.</summary>
    public static SqlFragment? Minutes(SingleValueNode node, SqlParameters parameters) =>
        Literal(node) is { } literal ? LiteralTranslator.Parameter(Convert.ToInt64(literal.Offset.TotalMinutes, CultureInfo.InvariantCulture), SqlKind.Int64, parameters) : null;

    private static DateTimeOffset? Literal(SingleValueNode node) => node switch
    {
        ConvertNode convert => Literal(convert.Source),
        ConstantNode { Value: DateTimeOffset value } => value,
        _ => null,
    };
}
