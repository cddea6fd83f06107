using System.Collections.Immutable;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>What the catalog knows at one moment; replaced as a whole, never changed.</summary>
/// <param name="Heads">The head under which each manifest was read.</param>
/// <param name="Damaged">The version of a table that lost chunks.</param>
internal sealed record CatalogState(
    ImmutableDictionary<TableId, TableManifest> Current,
    ImmutableDictionary<TableId, TableHead> Heads,
    ImmutableDictionary<TableId, long> Damaged)
{
    public static CatalogState Empty { get; } = new(
        ImmutableDictionary<TableId, TableManifest>.Empty,
        ImmutableDictionary<TableId, TableHead>.Empty,
        ImmutableDictionary<TableId, long>.Empty);
}
