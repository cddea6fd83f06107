namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Turns a value that is not empty into what is stored for it. Not safe for several threads at once.</summary>
internal interface IValueAlgorithm
{
    /// <param name="result">Valid until the next call.</param>
    ValueOutcome Apply(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> result);
}
