using System.Collections.Concurrent;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Replacing;
using CoupaGateway.Snapshots.Chunks.Writing;

namespace CoupaGateway.Sync.Loading;

/// <summary>A few replacers of one table, each for one caller at a time.</summary>
internal sealed class ReplacerPool(IChunkWriter writer, TableSchema table) : IDisposable
{
    // Each has an engine with memory of its own.
    private const int Most = 4;

    private readonly SemaphoreSlim _free = new(Math.Clamp(Environment.ProcessorCount, 1, Most));
    private readonly ConcurrentBag<IChunkReplacer> _idle = [];

    public async Task<T> UseAsync<T>(Func<IChunkReplacer, T> use, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            var replacer = _idle.TryTake(out var known) ? known : writer.Replace(table);
            try
            {
                return use(replacer);
            }
            finally
            {
                _idle.Add(replacer);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Nobody may use one any more.</summary>
    public void Dispose()
    {
        foreach (var replacer in _idle)
            replacer.Dispose();

        _free.Dispose();
    }
}
