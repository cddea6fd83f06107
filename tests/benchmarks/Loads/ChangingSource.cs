using System.Runtime.CompilerServices;
using System.Text;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Benchmarks.Loads;

/// <summary>Orders with five lines each, made up as they are read: all of them, or those that changed, evenly over all ids.</summary>
internal sealed class ChangingSource(int records, int changedShare) : IRecordSourceFactory
{
    private const int PageSize = 50;
    private const int Lines = 5;

    /// <summary>When the last page was read.</summary>
    public long LastPageAt { get; private set; }

    public IRecordSource Create(ConnectionConfig connection, TableSchema apiTable, RecordQuery query) => new Reader(this, query.Filters.Count > 0 ? changedShare : 1);

    private sealed class Reader(ChangingSource source, int step) : IRecordSource
    {
        public long Requests => 0;

        public long Retries => 0;

        public DateTimeOffset? Now => null;

        private int Count => source.Records / step;

        public Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken) => Task.FromResult<IdRange?>(new IdRange(step, (long)Count * step));

        public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var first = (range.First + step - 1) / step;
            var last = Math.Min(range.Last / step, Count);
            for (var start = first; start <= last; start += PageSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var ids = Enumerable.Range(0, (int)Math.Min(PageSize, last - start + 1)).Select(i => (start + i) * step).ToArray();
                yield return new RecordPage(Encoding.UTF8.GetBytes($"[{string.Join(',', ids.Select(Write))}]"), ids.Length, ids[^1], null);
                source.LastPageAt = TimeProvider.System.GetTimestamp();
            }
        }

        private string Write(long id)
        {
            var state = step == 1 ? "open" : "closed";
            var lines = Enumerable.Range(1, Lines).Select(line => $$"""{"id":{{(id * Lines) + line}},"description":"Line {{line}} of order {{id}}","quantity":"{{line}}.50","price":"{{id % 1000}}.99","status":"{{state}}"}""");
            return $$"""{"id":{{id}},"number":"PO-{{id}}","status":"{{state}}","supplier":"Supplier {{id % 5000}}","total":"{{id % 100000}}.00","lines":[{{string.Join(',', lines)}}]}""";
        }
    }

    private int Records => records;
}
