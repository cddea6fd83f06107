using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Pseudonyms;

internal static class PseudonymKeyringExtensions
{
    /// <summary>The secrets that tables of a connection need: <see cref="PseudonymSecrets.None"/> where none of their columns needs one, whether it can be had or not.</summary>
    /// <exception cref="PseudonymKeyException">As of <see cref="IPseudonymKeyring.Open"/>.</exception>
    public static PseudonymSecrets OpenFor(this IPseudonymKeyring keyring, string connection, IEnumerable<TableSchema> tables) =>
        Pseudonymizer.NeedsSecrets(tables) ? keyring.Open(connection) : PseudonymSecrets.None;
}
