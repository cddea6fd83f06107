using System.Collections.Immutable;
using CoupaGateway.Sandbox.Records;

namespace CoupaGateway.Sandbox.Changes;

/// <summary>What has changed in a resource since it was generated; an immutable snapshot.</summary>
/// <param name="Version">Rises with every change.</param>
/// <param name="Changed">Generated records that differ now, by key; null for those that are deleted.</param>
/// <param name="Added">Records made since, by id and by the order of their making.</param>
internal sealed record ResourceChanges(
    long Version, ImmutableSortedDictionary<long, IRecord?> Changed, ImmutableSortedDictionary<(long Id, long Sequence), IRecord> Added)
{
    public static ResourceChanges None { get; } = new(0, ImmutableSortedDictionary<long, IRecord?>.Empty, ImmutableSortedDictionary<(long, long), IRecord>.Empty);

    public bool IsEmpty => Changed.IsEmpty && Added.IsEmpty;

    /// <summary>The records that are not as generated, by id.</summary>
    public IEnumerable<IRecord> Records() =>
        Changed.Values.OfType<IRecord>().Concat(Added.Values).OrderBy(r => r.Id).ThenBy(r => r.Key);
}
