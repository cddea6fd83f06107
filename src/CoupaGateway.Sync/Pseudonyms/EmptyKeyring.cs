namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Knows no secrets: enough for connections without pseudonyms.</summary>
internal sealed class EmptyKeyring : IPseudonymKeyring
{
    public PseudonymSecrets Open(string connection) => PseudonymSecrets.None;
}
