using System.Collections.Immutable;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Loading;

/// <summary>
/// How far the run of a family has come: all that another process needs to go on. Everything up to <see cref="Position"/> is in <see cref="Staged"/>,
/// and nothing beyond it.
/// </summary>
internal sealed record RunCheckpoint
{
    /// <summary>The run that began it.</summary>
    public required string RunId { get; init; }

    public required LoadMode Mode { get; init; }

    /// <summary>What new rows get as <c>_changed_at</c>.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Start of a delta's window; null for other modes.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of a delta's window; when the reading began, for other modes.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Fingerprint of each table of the family.</summary>
    public required ImmutableArray<string> Fingerprints { get; init; }

    /// <summary>Version of each table at the start; 0 for none. The run is void when it is another one at the end.</summary>
    public required ImmutableArray<long> Versions { get; init; }

    /// <summary>Ids at the start; null when there was nothing to read.</summary>
    public IdRange? Range { get; init; }

    /// <summary>Last id that was read; null at the start.</summary>
    public long? Position { get; init; }

    /// <summary>Chunks of each table that hold what was read; for a reconcile, of the keys.</summary>
    public ImmutableArray<ImmutableArray<ChunkInfo>> Staged { get; init; } = [];

    /// <summary>API records that were read.</summary>
    public long Records { get; init; }

    /// <summary>JSON bytes that were read.</summary>
    public long Bytes { get; init; }

    /// <summary>What to commit; null while reading.</summary>
    public CommitPlan? Plan { get; init; }

    /// <summary>What is committed of the family, never as of before the run began: the clock may have been put back since.</summary>
    public IEnumerable<TableManifest> Manifests(string connection, ImmutableArray<TableSchema> family, DateTimeOffset now) =>
        Plan!.Manifests(connection, family, now > ChangedAt ? now : ChangedAt);

    /// <summary>The same with other numbers for its ids. What is no id of Coupa's stays: no pseudonym is made of it either.</summary>
    public RunCheckpoint WithIds(Func<long, long> other)
    {
        return this with
        {
            Range = Range is { } range ? new IdRange(Other(range.First), Other(range.Last)) : null,
            Position = Position is { } position ? Other(position) : null,
        };

        long Other(long id) => IdPermutation.Contains(id) ? other(id) : id;
    }

    /// <summary>Whether it is of a run with these tables as they are.</summary>
    public bool IsOf(ImmutableArray<TableSchema> family) => Fingerprints.SequenceEqual(family.Select(static table => table.Fingerprint));
}
