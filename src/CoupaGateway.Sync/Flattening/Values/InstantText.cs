namespace CoupaGateway.Sync.Flattening.Values;

/// <summary>Reads ISO 8601 dates and instants as Coupa writes them.</summary>
internal static class InstantText
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MicrosecondsPerDay = 86_400 * MicrosecondsPerSecond;
    private const int DateLength = 10;

    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;
    private static readonly long FirstInstant = (DateOnly.MinValue.DayNumber - UnixEpochDay) * MicrosecondsPerDay;
    private static readonly long EndOfInstants = (DateOnly.MaxValue.DayNumber - UnixEpochDay + 1) * MicrosecondsPerDay;

    /// <summary>
    /// Reads <c>2016-10-07T06:59:46.123-07:00</c> as microseconds since 1970 in UTC. Without an offset the text is UTC; a date alone is
    /// midnight UTC; a fraction finer than microseconds is cut off; a blank may stand for the <c>T</c> and before the offset.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds) => TryParse(text, out _, out microseconds);

    /// <summary>Reads a date, or the date part of an instant as it is written (in the offset that it carries), as days since 1970.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out int days) => TryParse(text, out days, out _);

    private static bool TryParse(ReadOnlySpan<byte> text, out int days, out long microseconds)
    {
        microseconds = 0;
        if (!TryReadDate(text, out days))
            return false;

        microseconds = days * MicrosecondsPerDay;
        if (text.Length == DateLength)
            return true;

        if (text[DateLength] is not ((byte)'T' or (byte)'t' or (byte)' '))
            return false;

        var rest = text[(DateLength + 1)..];
        if (!TryReadTime(ref rest, out var time) || !TryReadOffset(rest, out var offset))
            return false;

        microseconds += time - offset;
        return microseconds >= FirstInstant && microseconds < EndOfInstants;
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length < DateLength || text[4] != '-' || text[7] != '-'
            || !TryReadTwo(text, out var century) || !TryReadTwo(text[2..], out var years)
            || !TryReadTwo(text[5..], out var month) || !TryReadTwo(text[8..], out var day))
            return false;

        var year = (century * 100) + years;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;

        days = new DateOnly(year, month, day).DayNumber - UnixEpochDay;
        return true;
    }

    /// <summary>Reads <c>HH:MM[:SS[.fraction]]</c> and leaves what follows.</summary>
    private static bool TryReadTime(ref ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < 5 || text[2] != ':' || !TryReadTwo(text, out var hour) || !TryReadTwo(text[3..], out var minute) || hour > 23 || minute > 59)
            return false;

        text = text[5..];
        microseconds = ((hour * 60L) + minute) * 60 * MicrosecondsPerSecond;
        if (text.Length == 0 || text[0] != ':')
            return true;

        if (!TryReadTwo(text[1..], out var second) || second > 59)
            return false;

        text = text[3..];
        microseconds += second * MicrosecondsPerSecond;
        if (text.Length == 0 || text[0] is not ((byte)'.' or (byte)','))
            return true;

        var unit = MicrosecondsPerSecond / 10;
        var i = 1;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
        {
            microseconds += (text[i] - '0') * unit;
            unit /= 10;
        }

        text = text[i..];
        return i > 1;
    }

    /// <summary>Reads nothing, <c>Z</c>, <c>±HH:MM</c>, <c>±HHMM</c> or <c>±HH</c>.</summary>
    private static bool TryReadOffset(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length > 1 && text[0] == ' ')
            text = text[1..];

        if (text.Length == 0 || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z') || text.SequenceEqual("UTC"u8))
            return true;

        if (text[0] is not ((byte)'+' or (byte)'-') || !TryReadTwo(text[1..], out var hours))
            return false;

        var minutes = 0;
        var written = text[3..];
        if (written.Length > 0 && written[0] == ':')
            written = written[1..];

        if (text.Length > 3 && (written.Length != 2 || !TryReadTwo(written, out minutes)))
            return false;

        if (hours > 23 || minutes > 59)
            return false;

        microseconds = ((hours * 60L) + minutes) * 60 * MicrosecondsPerSecond;
        if (text[0] == '-')
            microseconds = -microseconds;
        return true;
    }

    private static bool TryReadTwo(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length < 2)
            return false;

        var tens = text[0] - '0';
        var ones = text[1] - '0';
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }
}
