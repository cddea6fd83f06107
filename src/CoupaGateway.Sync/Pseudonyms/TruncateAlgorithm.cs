using System.Text;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>truncate</c>: the first characters (Unicode code points).</summary>
internal sealed class TruncateAlgorithm(int length) : IValueAlgorithm
{
    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        var end = 0;
        for (var i = 0; i < length && end < value.Length; i++)
        {
            Rune.DecodeFromUtf8(value[end..], out _, out var bytes);
            end += bytes;
        }

        result = value[..end];
        return ValueOutcome.Stored;
    }
}
