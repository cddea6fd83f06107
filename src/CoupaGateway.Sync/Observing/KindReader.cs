using System.Buffers;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Flattening.Values;

namespace CoupaGateway.Sync.Observing;

/// <summary>Tells what kind of value a JSON text is.</summary>
internal static class KindReader
{
    /// <summary>A longer text is no number and no date.</summary>
    private const int Longest = 40;

    private static readonly SearchValues<byte> Fraction = SearchValues.Create(".eE"u8);

    /// <param name="first">First byte of the text.</param>
    /// <param name="text">As it is written in the JSON, strings with their quotes.</param>
    /// <param name="known">Kinds that are known already: a text beside which nothing else counts is not looked at.</param>
    public static ValueKinds Of(byte first, ReadOnlySpan<byte> text, ValueKinds known) => first switch
    {
        (byte)'"' => known.HasFlag(ValueKinds.Text) ? ValueKinds.Text : OfString(text[1..^1]),
        (byte)'t' or (byte)'f' => ValueKinds.Boolean,
        (byte)'{' => ValueKinds.Object,
        (byte)'[' => ValueKinds.Array,
        _ => text.ContainsAny(Fraction) || text.Length > 18 ? ValueKinds.Decimal : ValueKinds.Integer,
    };

    private static ValueKinds OfString(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > Longest)
            return ValueKinds.Text;
        if (IsDecimal(text))
            return ValueKinds.Decimal;
        if (!InstantText.TryParse(text, out _))
            return ValueKinds.Text;
        return text.Length == 10 ? ValueKinds.Date : ValueKinds.DateTime;
    }

    /// <summary>As Coupa writes decimals: digits, a point, digits. <c>"007"</c> and <c>"12"</c> are texts: they may be codes.</summary>
    private static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        var digits = text[0] == '-' ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        return point > 0 && point < digits.Length - 1 && (point == 1 || digits[0] != '0')
            && !digits[..point].ContainsAnyExceptInRange((byte)'0', (byte)'9') && !digits[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && DecimalText.TryParse(text, out _);
    }
}
