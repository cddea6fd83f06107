namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>redact</c>: one text for every value.</summary>
internal sealed class RedactAlgorithm : IValueAlgorithm
{
    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        result = "[redacted]"u8;
        return ValueOutcome.Stored;
    }
}
