using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Schedules;

namespace CoupaGateway.Sync.Connections;

/// <summary>One connection to keep in sync. Its tables are what <see cref="Schema.ISchemaProvider"/> has under the same name.</summary>
public sealed record ConnectionConfig(string Name, CoupaTenant Tenant)
{
    /// <summary>When its tables are due.</summary>
    public SyncSchedule Schedule { get; init; } = SyncSchedule.Default;

    /// <summary>What becomes of keys that its records have and its schema lacks.</summary>
    public ObservedPolicy Observed { get; init; } = new();
}
