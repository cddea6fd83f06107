using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>The catalog over a <see cref="MemoryStore"/>; tests say what is damaged.</summary>
internal sealed class MemoryCatalog(MemoryStore store) : ISnapshotCatalog
{
    public event Action<TableId>? Damaged;

    public TableManifest? FindCurrent(TableId table) => store.Find(table.Connection, table.Table);

    public ValueTask<TableManifest?> FindVersionAsync(TableId table, long version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FindCurrent(table) is { } current && current.Version == version ? current : null);

    public IReadOnlyCollection<TableManifest> ListCurrent(string connection) => [];

    public bool IsDamaged(TableId table) => false;

    public void ReportDamaged(TableId table, long version) => Damaged?.Invoke(table);

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
