using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Translation;

/// <summary>Turns literals into parameters.</summary>
internal static class LiteralTranslator
{
    private static readonly decimal SmallestStep = new(1, 0, 0, isNegative: false, scale: SchemaLimits.DecimalScale);

    public static SqlFragment Translate(ConstantNode node, SqlParameters parameters) => node.Value switch
    {
        null => SqlFragment.Null,
        bool value => Parameter(value, SqlKind.Boolean, parameters),
        byte or sbyte or short or int or long => Parameter(Convert.ToInt64(node.Value, CultureInfo.InvariantCulture), SqlKind.Int64, parameters),
        float => Number(node.LiteralText, (float)node.Value, parameters),
        double => Number(node.LiteralText, (double)node.Value, parameters),
        decimal value => FromDecimal(Exact(node.LiteralText) ?? value, parameters),
        string value => Parameter(value, SqlKind.String, parameters),
        DateTimeOffset value => Parameter(value.UtcDateTime, SqlKind.DateTime, parameters),
#pragma warning disable CS0618 // ODL 8 parses to its own Date and TimeOfDay, and has marked them obsolete for ODL 9.
        Date value => Parameter(new DateOnly(value.Year, value.Month, value.Day), SqlKind.Date, parameters),
        TimeOfDay value => Parameter(new TimeOnly(value.Ticks), SqlKind.TimeOfDay, parameters),
#pragma warning restore CS0618
        DateOnly value => Parameter(value, SqlKind.Date, parameters),
        TimeOnly value => Parameter(value, SqlKind.TimeOfDay, parameters),
        TimeSpan value => Parameter(value, SqlKind.Duration, parameters),
        _ => throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The literal '{node.LiteralText}' is of a type that the feed does not compute with."),
    };

    public static SqlFragment Parameter(object value, SqlKind kind, SqlParameters parameters) => new(parameters.Add(value, kind), kind, Nullable: false);

    /// <summary>
    /// A number with a fraction and no suffix: the parser guesses Single or Double, and a decimal column would then be compared with an
    /// approximation. Where the text is a decimal, it is taken as one; <c>1e3</c>, <c>NaN</c> and <c>INF</c> stay doubles.
    /// </summary>
    private static SqlFragment Number(string? text, double guess, SqlParameters parameters) =>
        Exact(text) is { } exact ? FromDecimal(exact, parameters) : Parameter(guess, SqlKind.Double, parameters);

    /// <summary>
    /// What is written. Beside a decimal, the parser makes one of its guess, and of 1234567.5, which a Single can hold, it makes 1234568: .NET gives a Single seven digits there.
    /// </summary>
    private static decimal? Exact(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact) ? exact : null;

    private static SqlFragment FromDecimal(decimal value, SqlParameters parameters) =>
        value % SmallestStep == 0 && decimal.Abs(value) < 1e26m
            ? Parameter(value, SqlKind.Decimal, parameters)
            : Parameter((double)value, SqlKind.Double, parameters);
}
