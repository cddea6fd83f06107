namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Tells what loads found of personal data, whichever process did them.</summary>
public interface IPseudonymFindings
{
    /// <summary>One entry for each API table that was loaded.</summary>
    Task<IReadOnlyList<PseudonymFindings>> ListAsync(string connection, CancellationToken cancellationToken);
}
