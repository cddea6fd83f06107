using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

/// <summary>What a run commits, written down before the first commit so that it can be finished after a crash.</summary>
/// <param name="Tables">The chunks of each table of the family; default where nothing is different.</param>
/// <param name="Watermark">Watermark of the family from then on.</param>
/// <param name="Deleted">Chunks with the rows that are gone, not yet numbered.</param>
internal sealed record CommitPlan(ImmutableArray<PlannedTable> Tables, DateTimeOffset? Watermark, ImmutableArray<ChunkInfo> Deleted)
{
    /// <summary>What is committed of the family: the tables in which something is different.</summary>
    public IEnumerable<TableManifest> Manifests(string connection, ImmutableArray<TableSchema> family, DateTimeOffset now) => family.Zip(Tables)
        .Where(static table => table.Second.Version != 0)
        .Select(table => new TableManifest
        {
            Table = new TableId(connection, table.First.Name),
            Version = table.Second.Version,
            SchemaFingerprint = table.First.Fingerprint,
            Pseudonyms = table.First.PseudonymSignatures,
            Chunks = table.Second.Chunks,
            CommittedAt = now,
            Watermark = Watermark,
        });
}
