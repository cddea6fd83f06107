using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Translation;

/// <summary><c>cast(value,type)</c>: null where the value does not fit the type, as the standard wants it.</summary>
internal static class CastTranslator
{
    public static SqlFragment Translate(SqlFragment source, SqlKind target)
    {
        if (source.IsNull || source.Kind == target)
            return source;
        if (target == SqlKind.String)
            return new(ToText(source), SqlKind.String, source.Nullable);
        if (!IsSensible(source.Kind, target))
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"A {source.Kind} cannot be cast to {target}.");

        return new($"TRY_CAST({source.Text} AS {SqlTypes.Name(target)})", target, Nullable: true);
    }

    private static bool IsSensible(SqlKind source, SqlKind target) =>
        source == SqlKind.String
        || (SqlTypes.IsNumeric(source) && SqlTypes.IsNumeric(target))
        || (source is SqlKind.DateTime or SqlKind.Date && target is SqlKind.DateTime or SqlKind.Date)
        || (source == SqlKind.DateTime && target == SqlKind.TimeOfDay);

    private static string ToText(SqlFragment source) => source.Kind switch
    {
        SqlKind.Decimal => $"rtrim(rtrim(CAST({source.Text} AS VARCHAR), '0'), '.')",
        SqlKind.DateTime =>
            $"(CASE WHEN microsecond({source.Text}) % 1000000 = 0 THEN strftime({source.Text}, '%Y-%m-%dT%H:%M:%SZ') ELSE strftime({source.Text}, '%Y-%m-%dT%H:%M:%S.%fZ') END)",
        SqlKind.Duration => throw FeedException.BadRequest(ErrorCodes.InvalidOption, "A Duration cannot be cast to String."),
        _ => $"CAST({source.Text} AS VARCHAR)",
    };
}
