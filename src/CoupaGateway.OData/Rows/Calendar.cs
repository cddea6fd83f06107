using System.Runtime.CompilerServices;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes DuckDB's dates, instants, times and intervals as ISO 8601, in the forms of Edm.Date, Edm.DateTimeOffset, Edm.TimeOfDay and Edm.Duration.</summary>
internal static unsafe class Calendar
{
    public const long MicrosPerDay = 86_400_000_000;

    /// <summary>Room for the longest instant: <c>-290308-12-31T23:59:59.999999Z</c>.</summary>
    public const int MaxLength = 40;

    private static readonly long MinDateTimeMicros = -DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long MaxDateTimeMicros = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static bool IsInDateTimeRange(long micros) => micros >= MinDateTimeMicros && micros <= MaxDateTimeMicros;

    /// <summary>DuckDB's +infinity and -infinity, which OData has no form for.</summary>
    public static bool IsInfinite(long micros) => micros is long.MaxValue or -long.MaxValue;

    public static bool IsInfinite(int day) => day is int.MaxValue or -int.MaxValue;

    /// <summary>Writes <c>yyyy-MM-ddTHH:mm:ss[.ffffff]Z</c> without trailing zeros in the fraction.</summary>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>The byte after the last one written.</returns>
    public static byte* WriteInstant(byte* to, long micros)
    {
        var day = micros / MicrosPerDay;
        var ofDay = micros - (day * MicrosPerDay);
        if (ofDay < 0)
        {
            day--;
            ofDay += MicrosPerDay;
        }

        to = WriteDate(to, (int)day);
        *to = (byte)'T';
        to = WriteClock(to + 1, ofDay);
        *to = (byte)'Z';
        return to + 1;
    }

    /// <summary>Writes <c>HH:mm:ss[.ffffff]</c> without trailing zeros in the fraction.</summary>
    /// <param name="micros">Microseconds of the day. DuckDB has its end, <c>24:00:00</c>, and OData has not: it is written as the begin.</param>
    public static byte* WriteTime(byte* to, long micros) => WriteClock(to, micros % MicrosPerDay);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteClock(byte* to, long micros)
    {
        var second = (uint)((ulong)micros / 1_000_000);
        var fraction = (uint)((ulong)micros % 1_000_000);
        var minute = second / 60;
        NumberFormat.WriteTwoDigits(to, minute / 60);
        to[2] = (byte)':';
        NumberFormat.WriteTwoDigits(to + 3, minute % 60);
        to[5] = (byte)':';
        NumberFormat.WriteTwoDigits(to + 6, second % 60);
        return WriteFraction(to + 8, fraction);
    }

    /// <summary>Writes <c>[-]P[nD][T[nH][nM][n[.ffffff]S]]</c>, the canonical form of XML Schema's <c>dayTimeDuration</c>: <c>PT0S</c> for nothing.</summary>
    public static byte* WriteDuration(byte* to, IntervalValue value)
    {
        var total = value.Total;
        if (total < 0)
            *to++ = (byte)'-';
        *to++ = (byte)'P';
        var rest = total < 0 ? (ulong)-total : (ulong)total;
        to = WritePart(to, rest / (ulong)MicrosPerDay, (byte)'D');
        rest %= (ulong)MicrosPerDay;
        if (rest == 0 && total != 0)
            return to;
        *to++ = (byte)'T';
        to = WritePart(to, rest / 3_600_000_000, (byte)'H');
        to = WritePart(to, rest / 60_000_000 % 60, (byte)'M');
        rest %= 60_000_000;
        if (rest == 0 && total != 0)
            return to;
        to = WriteFraction(NumberFormat.WriteInt64(to, (long)(rest / 1_000_000)), (uint)(rest % 1_000_000));
        *to = (byte)'S';
        return to + 1;
    }

    private static byte* WritePart(byte* to, ulong value, byte unit)
    {
        if (value == 0)
            return to;
        to = NumberFormat.WriteInt64(to, (long)value);
        *to = unit;
        return to + 1;
    }

    /// <summary>A point and the digits of so many microseconds; nothing for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteFraction(byte* to, uint micros)
    {
        if (micros == 0)
            return to;
        to[0] = (byte)'.';
        NumberFormat.WriteTwoDigits(to + 1, micros / 10_000);
        NumberFormat.WriteTwoDigits(to + 3, micros / 100 % 100);
        NumberFormat.WriteTwoDigits(to + 5, micros % 100);
        to += 7;
        while (to[-1] == (byte)'0')
            to--;
        return to;
    }

    /// <summary>Writes <c>yyyy-MM-dd</c>; years beyond 9999 with more digits, years before 1 with a minus, as the OData ABNF has it.</summary>
    /// <param name="day">Days since 1970-01-01, proleptic Gregorian.</param>
    public static byte* WriteDate(byte* to, int day)
    {
        // Days to civil date in eras of 400 years that begin on 1 March (Howard Hinnant's days_from_civil, backwards).
        var shifted = day + 719_468L;
        var era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
        var dayOfEra = (uint)(shifted - (era * 146_097));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var marchMonth = ((5 * dayOfYear) + 2) / 153;
        var dayOfMonth = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        var month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);

        to = WriteYear(to, year);
        to[0] = (byte)'-';
        NumberFormat.WriteTwoDigits(to + 1, month);
        to[3] = (byte)'-';
        NumberFormat.WriteTwoDigits(to + 4, dayOfMonth);
        return to + 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteYear(byte* to, long year)
    {
        if (year is < 0 or > 9999)
            return WriteLongYear(to, year);
        NumberFormat.WriteTwoDigits(to, (uint)year / 100);
        NumberFormat.WriteTwoDigits(to + 2, (uint)year % 100);
        return to + 4;
    }

    private static byte* WriteLongYear(byte* to, long year)
    {
        if (year < 0)
        {
            *to++ = (byte)'-';
            year = -year;
            if (year < 1000)
            {
                NumberFormat.WriteTwoDigits(to, (uint)year / 100);
                NumberFormat.WriteTwoDigits(to + 2, (uint)year % 100);
                return to + 4;
            }
        }

        return NumberFormat.WriteInt64(to, year);
    }
}
