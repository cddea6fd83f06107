namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Sees every value of a text column between the record and the row, and decides what is stored.</summary>
internal abstract class ValueFilter
{
    /// <param name="value">The value in clear, valid UTF-8.</param>
    /// <param name="stored">What takes its place; valid until the next call of any filter.</param>
    public abstract ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> stored);
}
