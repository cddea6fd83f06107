namespace CoupaGateway.Snapshots.Manifests;

/// <summary>The newest manifests as this process knows them: no round trip per request. Follows commits by pub/sub and by polling.</summary>
public interface ISnapshotCatalog
{
    /// <summary>The newest manifest that this process has seen, or null when the table has none yet. At most a second behind Redis.</summary>
    TableManifest? FindCurrent(TableId table);

    /// <summary>A pinned version: from memory when it is current or was used lately, else from Redis; null when its retention time is over.</summary>
    ValueTask<TableManifest?> FindVersionAsync(TableId table, long version, CancellationToken cancellationToken);
}
