using System.Collections.Immutable;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.OData.Tables;

/// <summary>The tables of a query, their chunks held open until it is disposed.</summary>
/// <param name="leases">That of the main table first.</param>
/// <param name="from">What stands after FROM for the main table.</param>
/// <param name="with">The WITH clause that names the other tables, with a space at its end; empty without any.</param>
internal sealed class OpenTables(IReadOnlyList<ChunkLease> leases, string from, string with) : IDisposable
{
    public string From { get; } = from;

    public string With { get; } = with;

    /// <summary>The WITH clause that names the main table, too.</summary>
    public string WithMain(string name) => $"WITH {name} AS NOT MATERIALIZED (SELECT * FROM {From}){(With.Length == 0 ? " " : $", {With["WITH ".Length..]}")}";

    /// <summary>Absolute paths of the main table's chunks.</summary>
    public ImmutableArray<string> Paths => leases[0].Paths;

    public void Dispose()
    {
        foreach (var lease in leases)
            lease.Dispose();
    }
}
