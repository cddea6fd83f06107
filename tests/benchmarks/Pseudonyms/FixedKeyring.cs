using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Benchmarks.Pseudonyms;

/// <summary>Gives every connection the same secrets.</summary>
internal sealed class FixedKeyring(PseudonymSecrets secrets) : IPseudonymKeyring
{
    public PseudonymSecrets Open(string connection) => secrets;
}
