using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Sync.Schedules;

namespace CoupaGateway.Connections;

/// <summary>A connection as it is in force: checked, and replaced as a whole when it changes.</summary>
/// <param name="Name">Name of the connection: part of its addresses and cache keys.</param>
/// <param name="Options">What it reads. Treat as immutable.</param>
/// <param name="Tenant">How its tenant is reached.</param>
internal sealed record ConnectionDefinition(string Name, ConnectionOptions Options, CoupaTenant Tenant)
{
    /// <summary>Whether its tables are served as they are and not kept in sync.</summary>
    public bool IsPaused { get; init; }

    /// <summary>When its tables are due.</summary>
    public SyncSchedule Schedule { get; } = Options.BuildSchedule();
}
