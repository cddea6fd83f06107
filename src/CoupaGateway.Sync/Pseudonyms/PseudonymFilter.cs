using System.Buffers.Text;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Flattening.Values;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Applies an algorithm to the values of one marked column, and counts them. Empty texts stay empty.</summary>
internal sealed class PseudonymFilter(IValueAlgorithm algorithm, ColumnType sourceType) : ValueFilter
{
    private readonly byte[] _whole = new byte[20];

    /// <summary>Values that were replaced.</summary>
    public long Values { get; private set; }

    public override ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> stored)
    {
        if (value.IsEmpty)
        {
            stored = default;
            return sourceType == ColumnType.String ? ValueOutcome.Stored : ValueOutcome.Null;
        }

        if (sourceType == ColumnType.Int64)
        {
            // 7, 7.0 and "7" are one id.
            if (!DecimalText.TryParseInt64(value, out var whole))
            {
                stored = default;
                return ValueOutcome.Bad;
            }

            Utf8Formatter.TryFormat(whole, _whole, out var length);
            value = _whole.AsSpan(0, length);
        }

        Values++;
        return algorithm.Apply(value, out stored);
    }
}
