using System.Collections.Immutable;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>One version of a table: the list of chunks that together are its rows.</summary>
public sealed record TableManifest
{
    public required TableId Table { get; init; }

    /// <summary>Starts at 1 and increases by one with each commit.</summary>
    public required long Version { get; init; }

    /// <summary><see cref="Schema.TableSchema.Fingerprint"/> of the schema that the chunks were written with.</summary>
    public required string SchemaFingerprint { get; init; }

    /// <summary>
    /// What was done to the values of columns before they were written: <see cref="Schema.Pseudonyms.PseudonymMark.Signature"/> by column. Columns that
    /// it does not name are in clear. Null when it is not known: the manifest is of a release that did not write it down.
    /// </summary>
    public ImmutableSortedDictionary<string, string>? Pseudonyms { get; init; }

    /// <summary>The chunks in key order; their key ranges never overlap.</summary>
    public required ImmutableArray<ChunkInfo> Chunks { get; init; }

    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>Up to where the source was read: records changed before this instant are in the table. Null when unknown.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>Of a table whose old rows are dropped: those up to this instant are gone. Null when none was dropped.</summary>
    public DateTimeOffset? CompleteSince { get; init; }

    /// <summary>Whether it is the same version with the same rows, whenever it was committed.</summary>
    public bool IsSameVersionAs(TableManifest other) =>
        Table == other.Table && Version == other.Version && SchemaFingerprint == other.SchemaFingerprint && Chunks.SequenceEqual(other.Chunks);

    public long Rows => Chunks.Sum(static chunk => chunk.Rows);

    public long Bytes => Chunks.Sum(static chunk => chunk.Bytes);
}
