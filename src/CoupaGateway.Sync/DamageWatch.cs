using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.Extensions.Hosting;

namespace CoupaGateway.Sync;

/// <summary>
/// Has a table loaded again as soon as a reader, or the catalog's own check, finds that it is damaged: the engine's regular check would come to it only
/// after <see cref="Loading.LoadOptions.CheckInterval"/>.
/// </summary>
internal sealed class DamageWatch(ISnapshotCatalog catalog, ISchemaProvider schemas, ISyncEngine engine) : IHostedService
{
    /// <summary>Families that are asked for, by their outermost table, with the version that it had then: what else of a family is damaged comes along.</summary>
    private readonly Dictionary<TableId, long> _asked = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        catalog.Damaged += OnDamaged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        catalog.Damaged -= OnDamaged;
        return Task.CompletedTask;
    }

    private void OnDamaged(TableId damaged)
    {
        if (schemas.Find(damaged.Connection) is not { } schema || !schema.TryGetTable(damaged.Table, out var table))
            return; // nobody reads it any more

        var root = new TableId(damaged.Connection, table.Root);
        var version = catalog.FindCurrent(root)?.Version ?? 0;
        lock (_asked)
        {
            if (_asked.TryGetValue(root, out var known) && known == version)
                return;
            _asked[root] = version;
        }

        engine.Reload(damaged.Connection, [table.Root]);
    }
}
