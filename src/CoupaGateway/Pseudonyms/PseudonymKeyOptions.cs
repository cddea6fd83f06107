namespace CoupaGateway.Pseudonyms;

/// <summary>A key of a connection: at least 32 random bytes. The one with the largest version is in force.</summary>
internal sealed class PseudonymKeyOptions : SecretOptions
{
    /// <summary>1 to 99; it stands in every token.</summary>
    public int Version { get; set; }
}
