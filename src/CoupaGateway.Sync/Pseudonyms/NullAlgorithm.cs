namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>null</c>: no value.</summary>
internal sealed class NullAlgorithm : IValueAlgorithm
{
    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        result = default;
        return ValueOutcome.Null;
    }
}
