namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Gives the secrets of connections. The host implements it from files and environment variables.</summary>
public interface IPseudonymKeyring
{
    /// <summary>The secrets of a connection as they are now. Callers hold on to them for one run.</summary>
    /// <exception cref="PseudonymKeyException">One that is configured cannot be read or is too weak.</exception>
    PseudonymSecrets Open(string connection);
}
