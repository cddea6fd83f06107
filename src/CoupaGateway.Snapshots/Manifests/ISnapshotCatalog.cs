namespace CoupaGateway.Snapshots.Manifests;

/// <summary>The newest manifests as this process knows them: no round trip per request. Follows commits by pub/sub and by polling.</summary>
public interface ISnapshotCatalog
{
    /// <summary>The newest manifest that this process has seen, or null when the table has none yet. At most a second behind Redis.</summary>
    TableManifest? FindCurrent(TableId table);

    /// <summary>A pinned version: from memory when it is current or was used lately, else from Redis; null when its retention time is over.</summary>
    ValueTask<TableManifest?> FindVersionAsync(TableId table, long version, CancellationToken cancellationToken);

    /// <summary>The newest manifest of every table of a connection, by table name.</summary>
    IReadOnlyCollection<TableManifest> ListCurrent(string connection);

    /// <summary>
    /// Redis has lost the newest manifest or chunks of it: what the local cache does not hold cannot be read until a new version is committed.
    /// </summary>
    bool IsDamaged(TableId table);

    /// <summary>
    /// Raised once when a table turns damaged, by a reader's report or by the catalog's own look into Redis. On the thread of whoever noticed: handlers must
    /// not block.
    /// </summary>
    event Action<TableId>? Damaged;

    /// <summary>Marks a table as damaged after a <see cref="Chunks.ChunkMissingException"/>. Ignored unless the version is the newest.</summary>
    void ReportDamaged(TableId table, long version);

    /// <summary>Ends when the tables in Redis were read for the first time: before that, "no table" means nothing.</summary>
    Task WaitUntilLoadedAsync(CancellationToken cancellationToken);
}
