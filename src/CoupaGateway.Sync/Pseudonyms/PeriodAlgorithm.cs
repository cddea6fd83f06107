using CoupaGateway.Schema;
using CoupaGateway.Sync.Flattening.Values;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>date-to-month</c> and <c>date-to-year</c>: the period that a date or an instant (in UTC) falls into; other values are bad.</summary>
/// <param name="type">Type of the column before it was marked: a date keeps its own day, whatever offset comes with it.</param>
internal sealed class PeriodAlgorithm(ColumnType type, bool toYear) : IValueAlgorithm
{
    private readonly byte[] _text = new byte[toYear ? 4 : 7];

    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        result = default;
        DateTime day;
        if (type == ColumnType.Date && InstantText.TryParseDate(value, out var days))
            day = DateTime.UnixEpoch.AddDays(days);
        else if (type != ColumnType.Date && InstantText.TryParse(value, out var microseconds))
            day = DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        else
            return ValueOutcome.Bad;

        day.TryFormat(_text, out _, toYear ? "yyyy" : "yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        result = _text;
        return ValueOutcome.Stored;
    }
}
