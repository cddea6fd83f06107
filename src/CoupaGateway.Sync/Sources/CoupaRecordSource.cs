using System.Runtime.CompilerServices;
using CoupaGateway.Coupa;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Sources;

/// <summary>Records of one resource of a Coupa tenant. The client keeps order, bounds and the request budget.</summary>
internal sealed class CoupaRecordSource : IRecordSource
{
    private const string ApiPath = "/api/";

    private readonly CoupaClient _client;
    private readonly IInstanceClocks _clocks;
    private readonly PageRequest _request;
    private long _requests;
    private long _retries;

    /// <param name="priority">How many turns its requests get beside others.</param>
    public CoupaRecordSource(CoupaClient client, IInstanceClocks clocks, TableSchema apiTable, RecordQuery query, int priority)
    {
        var resource = apiTable.Resource ?? throw new ArgumentException($"{apiTable.Name} is no API table.", nameof(apiTable));
        (_client, _clocks) = (client, clocks);
        _request = new PageRequest
        {
            Resource = resource.Path.StartsWith(ApiPath, StringComparison.Ordinal) ? resource.Path[ApiPath.Length..] : resource.Path,
            Fields = query.Fields ?? resource.Projection,
            Filters = resource.Query.IsEmpty ? query.Filters : [.. resource.Query, .. query.Filters],
            IdsMayRepeat = !resource.IdIsUnique,
            Consumer = new BudgetConsumer(apiTable.Name, priority),
            Retrying = () => Interlocked.Increment(ref _retries),
        };
    }

    public long Requests => Interlocked.Read(ref _requests);

    public long Retries => Interlocked.Read(ref _retries);

    public DateTimeOffset? Now => _clocks.Now(_client.Tenant.Instance);

    public Task<IdRange?> ProbeRangeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _requests, 2);
        return _client.ProbeRangeAsync(_request, cancellationToken);
    }

    public async IAsyncEnumerable<RecordPage> ReadAsync(IdRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var endKnown = false;
        await foreach (var page in _client.ReadAsync(_request.Within(range), cancellationToken))
        {
            Interlocked.Increment(ref _requests);
            endKnown = !_request.IdsMayRepeat && page.LastId >= range.Last;
            yield return new RecordPage(page.Json, page.Count, page.LastId, page);
        }

        // The end showed by an empty page, which the client keeps to itself.
        if (!endKnown)
            Interlocked.Increment(ref _requests);
    }
}
