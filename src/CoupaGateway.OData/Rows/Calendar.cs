using System.Runtime.CompilerServices;

namespace CoupaGateway.OData.Rows;

/// <summary>Writes DuckDB's dates and instants as ISO 8601, in the forms of Edm.Date and Edm.DateTimeOffset.</summary>
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
        var second = (uint)((ulong)ofDay / 1_000_000);
        var fraction = (uint)((ulong)ofDay % 1_000_000);
        var minute = second / 60;
        to[0] = (byte)'T';
        NumberFormat.WriteTwoDigits(to + 1, minute / 60);
        to[3] = (byte)':';
        NumberFormat.WriteTwoDigits(to + 4, minute % 60);
        to[6] = (byte)':';
        NumberFormat.WriteTwoDigits(to + 7, second % 60);
        to += 9;
        if (fraction != 0)
        {
            to[0] = (byte)'.';
            NumberFormat.WriteTwoDigits(to + 1, fraction / 10_000);
            NumberFormat.WriteTwoDigits(to + 3, fraction / 100 % 100);
            NumberFormat.WriteTwoDigits(to + 5, fraction % 100);
            to += 7;
            while (to[-1] == (byte)'0')
                to--;
        }

        *to = (byte)'Z';
        return to + 1;
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
