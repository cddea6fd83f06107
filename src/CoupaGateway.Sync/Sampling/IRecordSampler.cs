using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Sync.Sampling;

/// <summary>Shows what a few records would become.</summary>
public interface IRecordSampler
{
    /// <summary>
    /// Reads a page of the newest records, once as the tables ask for them and once as the instance gives them by default, and flattens and pseudonymizes them as a load
    /// does. Costs four requests of the shared budget. Nothing is stored.
    /// </summary>
    /// <param name="family">An API table, then everything nested in it.</param>
    /// <param name="records">Records whose rows are wanted: 1 to 50. More may be looked at.</param>
    /// <exception cref="Coupa.Failures.CoupaException">They could not be read.</exception>
    /// <exception cref="Pseudonyms.PseudonymKeyException">The secrets cannot be had: nothing is shown in clear instead.</exception>
    Task<RecordSample> SampleAsync(ConnectionConfig connection, ImmutableArray<TableSchema> family, int records, CancellationToken cancellationToken);
}
