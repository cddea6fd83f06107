using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Benchmarks.Flatten;

/// <summary>Pages of 50 records with ids from 1 on, from memory and without a limit.</summary>
internal sealed class MemorySource(IReadOnlyList<byte[]> pages) : IRecordSource
{
    public const int PageSize = 50;

    public long Requests => pages.Count;

    public long Retries => 0;

    public DateTimeOffset? Now => null;

    public Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken) => Task.FromResult<IdRange?>(new IdRange(1, (long)pages.Count * PageSize));

    public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();

        // The loader cuts ranges at multiples of the page size, because ids have no gaps here.
        for (var first = range.First; first <= range.Last; first += PageSize)
            yield return new RecordPage(pages[(int)((first - 1) / PageSize)], PageSize, first + PageSize - 1, null);
    }
}
