using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>The tables at rest in Redis: what a worker writes to. Every step can be repeated after a crash.</summary>
public interface ISnapshotStore
{
    /// <summary>The newest manifest, or null when the table was never committed.</summary>
    Task<TableManifest?> ReadCurrentAsync(TableId table, CancellationToken cancellationToken);

    /// <summary>The manifest of one version, or null when its retention time is over.</summary>
    Task<TableManifest?> ReadVersionAsync(TableId table, long version, CancellationToken cancellationToken);

    /// <summary>Puts a chunk into Redis with a time to live, so that it vanishes by itself unless a commit keeps it.</summary>
    Task<ChunkInfo> UploadAsync(TableId table, ChunkFile file, CancellationToken cancellationToken);

    /// <summary>Lets chunks that were uploaded wait longer for their commit: at least half the staged time from now on.</summary>
    /// <returns>False: some are gone.</returns>
    Task<bool> KeepStagedAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken);

    /// <summary>
    /// Makes <paramref name="next"/> the newest version if the current version is <c>next.Version - 1</c> (0: no version yet), keeps its
    /// chunks, and gives the chunks that it no longer names their retention time.
    /// </summary>
    /// <returns>False when another worker committed first: nothing was changed.</returns>
    /// <exception cref="ChunkMissingException">A chunk that <paramref name="next"/> names is no longer there.</exception>
    Task<bool> CommitAsync(TableManifest next, CancellationToken cancellationToken);

    /// <summary>As <see cref="CommitAsync(TableManifest, CancellationToken)"/>, for several tables of one connection at once: all of them or none, and no reader sees some of them.</summary>
    /// <returns>False when another worker committed one of them first: nothing was changed.</returns>
    Task<bool> CommitAsync(IReadOnlyList<TableManifest> next, CancellationToken cancellationToken);

    /// <summary>The newest manifest of each table of a connection, by table name: what is there after a restart.</summary>
    Task<IReadOnlyList<TableManifest>> ListAsync(string connection, CancellationToken cancellationToken);

    /// <summary>The tables of a connection that were ever committed and not dropped since.</summary>
    Task<IReadOnlyList<TableId>> ListTablesAsync(string connection, CancellationToken cancellationToken);

    /// <summary>The chunks of a manifest that Redis no longer has: cheap, nothing is downloaded. Any makes the table damaged.</summary>
    Task<IReadOnlyList<ChunkInfo>> FindMissingChunksAsync(TableManifest manifest, CancellationToken cancellationToken);

    /// <summary>Finishes what a commit or drop that crashed left half done. Can be called at any time; every gateway does from time to time.</summary>
    Task SettleAsync(TableId table, CancellationToken cancellationToken);

    /// <summary>Removes every version and chunk of the table.</summary>
    Task DropAsync(TableId table, CancellationToken cancellationToken);
}
