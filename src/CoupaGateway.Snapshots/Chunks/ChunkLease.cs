using System.Collections.Immutable;

namespace CoupaGateway.Snapshots.Chunks;

/// <summary>Keeps chunk files from being evicted while they are read.</summary>
public sealed class ChunkLease(ImmutableArray<string> paths, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>Absolute paths of the files, in the order in which the chunks were asked for.</summary>
    public ImmutableArray<string> Paths { get; } = paths;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
