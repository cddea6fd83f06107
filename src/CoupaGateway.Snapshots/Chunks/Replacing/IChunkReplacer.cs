namespace CoupaGateway.Snapshots.Chunks.Replacing;

/// <summary>Rewrites ranges of one table. Holds an engine until it is disposed; not for several threads at once.</summary>
public interface IChunkReplacer : IDisposable
{
    /// <summary>
    /// Puts the new rows in place of the old ones of the same parents. A row that is there already with the same content keeps its
    /// <c>_changed_at</c>; when nothing is different at all, no file is written.
    /// </summary>
    ReplacedRange Replace(RangeReplacement replacement, CancellationToken cancellationToken);

    /// <summary>The distinct values of the first key column in files, in order.</summary>
    IReadOnlyList<long> ReadRootKeys(IReadOnlyList<string> paths, CancellationToken cancellationToken);
}
