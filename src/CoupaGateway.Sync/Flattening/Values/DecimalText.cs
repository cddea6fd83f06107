using System.Buffers.Text;
using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Flattening.Values;

/// <summary>Reads decimal numbers exactly: nothing is ever rounded.</summary>
internal static class DecimalText
{
    // Digits, one of them perhaps the point, that fit into 64 bits whatever they are.
    private const int ShortDigits = 18;

    // 10^0 … 10^38; the last is the first value that no longer fits.
    private static readonly Int128[] Powers = MakePowers();

    /// <summary>
    /// Reads <c>-12.50</c>, <c>+7</c>, <c>.5</c>, <c>1.25e3</c> as a whole number of 10^-<see cref="SchemaLimits.DecimalScale"/>. False when the
    /// text is no number, has more significant fraction digits than that, or more than 38 digits in all.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Int128 scaled) => TryParseShort(text, out scaled) || TryParseAny(text, out scaled);

    /// <summary>Reads what amounts mostly are: digits with at most one point among them that fit into 64 bits. False does not mean that it is no number.</summary>
    private static bool TryParseShort(ReadOnlySpan<byte> text, out Int128 scaled)
    {
        scaled = default;
        var start = text.Length > 0 && text[0] == '-' ? 1 : 0;
        if (text.Length - start is 0 or > ShortDigits)
            return false;

        ulong digits = 0;
        var fraction = -1;
        for (var i = start; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
            }
            else
            {
                if (text[i] != '.' || fraction >= 0)
                    return false;

                fraction = text.Length - i - 1;
            }
        }

        fraction = Math.Max(0, fraction);
        if (fraction > SchemaLimits.DecimalScale || (text.Length - start == 1 && text[start] == '.'))
            return false;

        // Not through the multiplication of 128-bit numbers: both fit into 64.
        var high = Math.BigMul(digits, SmallPower(SchemaLimits.DecimalScale - fraction), out var low);
        scaled = new Int128(high, low);
        if (start == 1)
            scaled = -scaled;
        return true;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> text, out Int128 scaled)
    {
        scaled = default;
        var i = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            i = 1;
        }

        // Digits without their trailing zeros, and the power of ten that they are to be multiplied by.
        var digits = Int128.Zero;
        ulong small = 0;
        var count = 0;
        var significant = 0;
        var zeros = 0;
        var exponent = 0;
        var point = false;
        for (; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if ((uint)digit > 9)
            {
                if (text[i] != '.' || point)
                    break;

                point = true;
                continue;
            }

            count++;
            if (point)
                exponent--;

            if (digit == 0)
            {
                if (significant > 0)
                    zeros++;
                continue;
            }

            if (significant > 0)
                significant += zeros;

            significant++;
            if (significant > SchemaLimits.DecimalPrecision)
                return false;

            if (significant <= 18)
            {
                small = (small * SmallPower(zeros + 1)) + (ulong)digit;
            }
            else
            {
                if (digits == 0)
                    digits = small;
                digits = (digits * Powers[zeros + 1]) + digit;
            }

            zeros = 0;
        }

        if (count == 0 || (i < text.Length && !TryReadExponent(text[i..], ref exponent)))
            return false;

        if (significant == 0)
            return true;

        if (significant <= 18)
            digits = small;

        var shift = exponent + zeros + SchemaLimits.DecimalScale;
        if (shift < 0 || significant + shift > SchemaLimits.DecimalPrecision)
            return false;

        scaled = digits * Powers[shift];
        if (negative)
            scaled = -scaled;
        return true;
    }

    /// <summary>Reads a 64-bit integer; a fraction of zeros (<c>567.0</c>) or an exponent is accepted when the value is whole.</summary>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length)
            return true;

        value = 0;
        if (!TryParse(text, out var scaled))
            return false;

        var (whole, rest) = Int128.DivRem(scaled, Powers[SchemaLimits.DecimalScale]);
        if (rest != 0 || whole < long.MinValue || whole > long.MaxValue)
            return false;

        value = (long)whole;
        return true;
    }

    private static ulong SmallPower(int power) => (ulong)Powers[power];

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref int exponent)
    {
        if (text[0] is not ((byte)'e' or (byte)'E'))
            return false;

        if (text.Length > 1 && text[1] == '+' && text.Length > 2 && text[2] is not ((byte)'+' or (byte)'-'))
            text = text[1..];

        // Five digits are more than any number that fits needs.
        if (!Utf8Parser.TryParse(text[1..], out int written, out var consumed) || consumed != text.Length - 1 || Math.Abs((long)written) > 99_999)
            return false;

        exponent += written;
        return true;
    }

    private static Int128[] MakePowers()
    {
        var powers = new Int128[SchemaLimits.DecimalPrecision + 1];
        powers[0] = Int128.One;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;

        return powers;
    }
}
