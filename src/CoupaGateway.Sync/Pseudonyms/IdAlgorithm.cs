using System.Buffers.Text;
using CoupaGateway.Sync.Flattening.Values;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>id-permutation</c>: another number, in decimal digits. What is no number of 0 to 2^53 - 1 is bad.</summary>
internal sealed class IdAlgorithm(IdPermutation ids) : IValueAlgorithm
{
    private readonly byte[] _text = new byte[20];

    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        result = default;
        if (!DecimalText.TryParseInt64(value, out var id) || !IdPermutation.Contains(id))
            return ValueOutcome.Bad;
        Utf8Formatter.TryFormat(ids.Permute(id), _text, out var length);
        result = _text.AsSpan(0, length);
        return ValueOutcome.Stored;
    }
}
