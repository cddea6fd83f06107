using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes integers and decimals as digits. Every method returns the byte after the last one written; the caller made room.</summary>
internal static unsafe class NumberFormat
{
    public const int MaxInt64Length = 20;

    /// <summary>Sign, 39 digits, point, and a zero before it.</summary>
    public const int MaxDecimalLength = 48;

    /// <summary>The largest power of ten in a <see cref="ulong"/> is 10^19.</summary>
    private const int MaxUInt64Power = 19;

    /// <summary>The scale in which tables store decimals (DECIMAL(38,12)): most values have it.</summary>
    private const int StoredScale = SchemaLimits.DecimalScale;

    /// <summary>10^<see cref="StoredScale"/>.</summary>
    private const ulong StoredUnit = 1_000_000_000_000;

    private static readonly ImmutableArray<ulong> PowersOfTen =
        [.. Enumerable.Range(0, MaxUInt64Power + 1).Select(static power => Enumerable.Repeat(10UL, power).Aggregate(1UL, static (a, b) => a * b))];

    private static ReadOnlySpan<byte> TwoDigits =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    /// <param name="value">0 to 99.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteTwoDigits(byte* to, uint value) =>
        *(ushort*)to = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref MemoryMarshal.GetReference(TwoDigits), value * 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* WriteInt64(byte* to, long value)
    {
        var magnitude = (ulong)value;
        if (value < 0)
        {
            *to++ = (byte)'-';
            magnitude = 0 - magnitude;
        }

        return WriteUInt64(to, magnitude);
    }

    public static byte* WriteUInt64(byte* to, ulong value)
    {
        var end = to + CountDigits(value);
        WriteDigitsBefore(end, value);
        return end;
    }

    /// <summary>Writes <c>unscaled / 10^scale</c> exactly: no exponent, no trailing zeros after the point, no point without digits.</summary>
    public static byte* WriteDecimal(byte* to, Int128 unscaled, int scale)
    {
        var low = (long)(ulong)unscaled;
        if (scale < MaxUInt64Power && (long)(unscaled >> 64) == low >> 63)
            return WriteDecimal(to, low, scale);

        var magnitude = (UInt128)unscaled;
        if (unscaled < 0)
        {
            *to++ = (byte)'-';
            magnitude = UInt128.Zero - magnitude;
        }

        return WriteWideDecimal(to, magnitude, scale);
    }

    /// <param name="scale">0 to 18.</param>
    public static byte* WriteDecimal(byte* to, long unscaled, int scale)
    {
        var magnitude = (ulong)unscaled;
        if (unscaled < 0)
        {
            *to++ = (byte)'-';
            magnitude = 0 - magnitude;
        }

        if (scale == 0)
            return WriteUInt64(to, magnitude);

        return scale == StoredScale ? WriteStoredDecimal(to, magnitude) : WriteScaled(to, magnitude, PowersOfTen[scale], scale);
    }

    /// <summary>Money has two digits, exchange rates have four; a division by a constant is a multiplication.</summary>
    private static byte* WriteStoredDecimal(byte* to, ulong magnitude)
    {
        const ulong Rest = StoredUnit / 10_000;
        var whole = magnitude / StoredUnit;
        var fraction = magnitude - (whole * StoredUnit);
        var four = (uint)(fraction / Rest);
        if (fraction != four * Rest)
            return WriteScaled(to, magnitude, StoredUnit, StoredScale);

        to = WriteUInt64(to, whole);
        if (four == 0)
            return to;
        *to = (byte)'.';
        var two = four / 100;
        WriteTwoDigits(to + 1, two);
        WriteTwoDigits(to + 3, four - (two * 100));
        to += 5;
        while (to[-1] == (byte)'0')
            to--;
        return to;
    }

    private static byte* WriteScaled(byte* to, ulong magnitude, ulong unit, int scale)
    {
        var whole = magnitude / unit;
        var fraction = magnitude - (whole * unit);
        to = WriteUInt64(to, whole);
        if (fraction == 0)
            return to;

        *to++ = (byte)'.';
        return WriteFraction(to, fraction, scale);
    }

    private static byte* WriteFraction(byte* to, ulong fraction, int digits)
    {
        var end = to + digits;
        var first = WriteDigitsBefore(end, fraction);
        while (first > to)
            *--first = (byte)'0';
        while (end[-1] == (byte)'0')
            end--;
        return end;
    }

    private static byte* WriteWideDecimal(byte* to, UInt128 magnitude, int scale)
    {
        // All digits first, padded so that at least one stands before the point; then the point is put between them.
        var digits = stackalloc byte[2 * MaxDecimalLength];
        var end = digits + (2 * MaxDecimalLength);
        var first = end;
        while (magnitude > ulong.MaxValue)
        {
            (magnitude, var rest) = UInt128.DivRem(magnitude, PowersOfTen[MaxUInt64Power]);
            var start = first - MaxUInt64Power;
            first = WriteDigitsBefore(first, (ulong)rest);
            while (first > start)
                *--first = (byte)'0';
        }

        first = WriteDigitsBefore(first, (ulong)magnitude);
        var point = end - scale;
        while (first >= point)
            *--first = (byte)'0';
        while (end > point && end[-1] == (byte)'0')
            end--;

        while (first < point)
            *to++ = *first++;
        if (first == end)
            return to;
        *to++ = (byte)'.';
        while (first < end)
            *to++ = *first++;
        return to;
    }

    /// <summary>Writes the digits of a value so that they end before <paramref name="end"/>, at least one.</summary>
    /// <returns>The first digit.</returns>
    private static byte* WriteDigitsBefore(byte* end, ulong value)
    {
        while (value > uint.MaxValue)
        {
            var rest = value / 100;
            end -= 2;
            WriteTwoDigits(end, (uint)(value - (rest * 100)));
            value = rest;
        }

        var small = (uint)value;
        while (small >= 100)
        {
            var rest = small / 100;
            end -= 2;
            WriteTwoDigits(end, small - (rest * 100));
            small = rest;
        }

        if (small >= 10)
        {
            end -= 2;
            WriteTwoDigits(end, small);
            return end;
        }

        *--end = (byte)('0' + small);
        return end;
    }

    private static int CountDigits(ulong value)
    {
        if (value < 10)
            return 1;

        // Digits are about bits * log10(2), one too many at most.
        var estimate = ((System.Numerics.BitOperations.Log2(value) + 1) * 1233) >> 12;
        return value < PowersOfTen[estimate] ? estimate : estimate + 1;
    }
}
