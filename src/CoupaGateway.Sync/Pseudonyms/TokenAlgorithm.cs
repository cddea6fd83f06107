namespace CoupaGateway.Sync.Pseudonyms;

/// <summary><c>hmac-sha-256</c>.</summary>
internal sealed class TokenAlgorithm(Tokenizer tokenizer) : IValueAlgorithm
{
    public ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result)
    {
        result = tokenizer.Tokenize(value);
        return ValueOutcome.Stored;
    }
}
