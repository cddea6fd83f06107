using System.Buffers.Text;

namespace CoupaGateway.Sandbox.Values;

/// <summary>Formats decimals and times as UTF-8 without a string in between.</summary>
internal static class ValueFormat
{
    public static int Decimal(Span<byte> buffer, in Scalar value)
    {
        Utf8Formatter.TryFormat(value.AsDecimal(), buffer, out var written);
        return written;
    }

    /// <summary><c>2016-10-07T06:59:46-07:00</c></summary>
    public static int Instant(Span<byte> buffer, long seconds, long offsetSeconds)
    {
        var local = DateTime.UnixEpoch.AddSeconds(seconds + offsetSeconds);
        Date(buffer, local);
        buffer[10] = (byte)'T';
        Two(buffer[11..], local.Hour);
        buffer[13] = (byte)':';
        Two(buffer[14..], local.Minute);
        buffer[16] = (byte)':';
        Two(buffer[17..], local.Second);
        buffer[19] = offsetSeconds < 0 ? (byte)'-' : (byte)'+';
        var minutes = (int)(Math.Abs(offsetSeconds) / 60);
        Two(buffer[20..], minutes / 60);
        buffer[22] = (byte)':';
        Two(buffer[23..], minutes % 60);
        return 25;
    }

    /// <summary><c>2016-10-07</c></summary>
    public static int Day(Span<byte> buffer, long seconds)
    {
        Date(buffer, DateTime.UnixEpoch.AddSeconds(seconds));
        return 10;
    }

    private static void Date(Span<byte> buffer, DateTime date)
    {
        Two(buffer, date.Year / 100);
        Two(buffer[2..], date.Year % 100);
        buffer[4] = (byte)'-';
        Two(buffer[5..], date.Month);
        buffer[7] = (byte)'-';
        Two(buffer[8..], date.Day);
    }

    private static void Two(Span<byte> buffer, int value)
    {
        buffer[0] = (byte)('0' + (value / 10));
        buffer[1] = (byte)('0' + (value % 10));
    }
}
