using System.Runtime.CompilerServices;
using System.Text;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Records of one resource that change while they are read: each page is cut from what is there at that moment.</summary>
internal sealed class FakeTenant(int pageSize = 50)
{
    private readonly Lock _gate = new();

    public SortedDictionary<long, (DateTimeOffset UpdatedAt, string Json)> Records { get; } = [];

    /// <summary>Called before each page with the number of pages so far; throws to make the read fail.</summary>
    public Action<int>? OnPage { get; set; }

    /// <summary>What its answers say of its clock; null for nothing.</summary>
    public Func<DateTimeOffset>? Clock { get; set; }

    public int Pages { get; private set; }

    public List<RecordQuery> Queries { get; } = [];

    public void Set(long id, DateTimeOffset updatedAt, string json) => Records[id] = (updatedAt, json);

    public IRecordSource Open(RecordQuery query)
    {
        Queries.Add(query);
        return new Reader(this, query);
    }

    private List<KeyValuePair<long, (DateTimeOffset UpdatedAt, string Json)>> Select(RecordQuery query, IdRange range)
    {
        var rows = Records.Where(record => record.Key >= range.First && record.Key <= range.Last);
        foreach (var (name, value) in query.Filters)
        {
            rows = name switch
            {
                "updated_at[gt_or_eq]" => rows.Where(record => record.Value.UpdatedAt >= DateTimeOffset.Parse(value)),
                "updated_at[lt_or_eq]" => rows.Where(record => record.Value.UpdatedAt <= DateTimeOffset.Parse(value)),
                "id[in]" => rows.Where(record => value.Split(',').Contains($"{record.Key}")),
                _ => throw new NotSupportedException(name),
            };
        }

        return [.. rows];
    }

    private sealed class Reader(FakeTenant tenant, RecordQuery query) : IRecordSource
    {
        private int _requests;

        public long Requests => _requests;

        public long Retries => 0;

        public DateTimeOffset? Now => tenant.Clock?.Invoke();

        public Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken)
        {
            lock (tenant._gate)
            {
                var rows = tenant.Select(query, new IdRange(long.MinValue, long.MaxValue));
                return Task.FromResult<IdRange?>(rows.Count == 0 ? null : new IdRange(rows[0].Key, rows[^1].Key));
            }
        }

        public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                RecordPage page;
                int count;
                lock (tenant._gate)
                {
                    tenant.OnPage?.Invoke(tenant.Pages);
                    tenant.Pages++;
                    _requests++;
                    var rows = tenant.Select(query, range).Take(tenant.PageSize).ToArray();
                    if (rows.Length == 0)
                        yield break;

                    count = rows.Length;
                    var json = query.Fields is null ? rows.Select(static row => row.Value.Json) : rows.Select(static row => $$"""{"id":{{row.Key}}}""");
                    page = new RecordPage(Encoding.UTF8.GetBytes($"[{string.Join(',', json)}]"), count, rows[^1].Key, null);
                }

                range = range with { First = page.LastId!.Value + 1 };
                yield return page;
                if (count < tenant.PageSize || range.First > range.Last)
                    yield break;
            }
        }

    }

    private int PageSize => pageSize;
}
