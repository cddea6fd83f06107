using System.Runtime.CompilerServices;
using System.Text;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Records by paging id, given out as Coupa does: in the order of ids, some a page. Counts the ranges that are read at once.</summary>
internal sealed class FakeSource(IEnumerable<(long Id, string Json)> records, int pageSize = 50) : IRecordSource
{
    private readonly (long Id, string Json)[] _records = [.. records.OrderBy(static record => record.Id)];
    private readonly Lock _gate = new();
    private int _requests;
    private int _open;

    public long Requests => _requests;

    public long Retries => 0;

    public DateTimeOffset? Now => null;

    public int MostAtOnce { get; private set; }

    /// <summary>Thrown instead of the page that holds this id.</summary>
    public (long Id, Exception Failure)? Fault { get; init; }

    public Exception? ProbeFault { get; init; }

    public Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken) => ProbeFault is not null
        ? Task.FromException<IdRange?>(ProbeFault)
        : Task.FromResult<IdRange?>(_records.Length == 0 ? null : new IdRange(_records[0].Id, _records[^1].Id));

    public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _open++;
            MostAtOnce = Math.Max(MostAtOnce, _open);
        }

        try
        {
            foreach (var page in _records.Where(record => record.Id >= range.First && record.Id <= range.Last).Chunk(pageSize))
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                Interlocked.Increment(ref _requests);
                if (Fault is { } fault && page.Any(record => record.Id == fault.Id))
                    throw fault.Failure;

                yield return new RecordPage(Encoding.UTF8.GetBytes($"[{string.Join(',', page.Select(static record => record.Json))}]"), page.Length, page[^1].Id, null);
            }
        }
        finally
        {
            lock (_gate)
            {
                _open--;
            }
        }
    }
}
