using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Coupa.Tenants;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa;

/// <summary>
/// Reads from one Coupa tenant. Safe for any number of concurrent callers, who share its token, its circuit breaker and the request budget of its host.
/// It retries what passes; what it throws is final within the tenant's settings.
/// </summary>
public sealed class CoupaClient
{
    private readonly CoupaChannel _channel;
    private readonly ILogger _logger;

    /// <summary>Resources whose projection turned out to be too long for a URL: said once each.</summary>
    private readonly ConcurrentDictionary<string, bool> _withoutProjection = new(StringComparer.Ordinal);

    internal CoupaClient(CoupaTenant tenant, IRequestBudget budget, CoupaChannel channel, ILogger logger)
    {
        (Tenant, Budget, _channel, _logger) = (tenant, budget, channel, logger);
    }

    public CoupaTenant Tenant { get; }

    /// <summary>The budget that this client draws on, for progress displays.</summary>
    public IRequestBudget Budget { get; }

    /// <summary>
    /// Reads a resource page by page in the order of ids. No page is empty; the caller disposes each. The next page is asked for when the caller asks for it.
    /// </summary>
    /// <exception cref="CoupaException">A page could not be read. What was handed out before is good: go on after the last page's <see cref="CoupaPage.Next"/>.</exception>
    public IAsyncEnumerable<CoupaPage> ReadAsync(PageRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReadPagesAsync(request, cancellationToken);
    }

    /// <summary>The smallest and the largest id of a resource, by two requests for one id each; null when it has no records with ids.</summary>
    /// <param name="request">Of which records: neither its range nor its projection count.</param>
    /// <exception cref="CoupaException">It could not be read.</exception>
    public async Task<IdRange?> ProbeRangeAsync(PageRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var smallest = ProbeAsync(request, "asc", cancellationToken);
        var largest = ProbeAsync(request, "desc", cancellationToken);
        await Task.WhenAll(smallest, largest);
        return (await smallest, await largest) switch
        {
            ({ } first, { } last) when first <= last => new IdRange(first, last),
            (null, _) or (_, null) => null,
            _ => throw new CoupaException(CoupaFailure.PagingBroken, $"{Tenant.Host} does not sort {request.Resource} by id: the last id it gives is smaller than the first."),
        };
    }

    /// <summary>One record by its id. Dispose the document.</summary>
    /// <param name="fields">As in <see cref="PageRequest.Fields"/>.</param>
    /// <exception cref="CoupaException">It could not be read; <see cref="CoupaFailure.NotFound"/> when there is no such record.</exception>
    public Task<JsonDocument> ReadRecordAsync(string resource, long id, string? fields = null, BudgetConsumer? consumer = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<KeyValuePair<string, string>> query = fields is null ? [] : [new("fields", fields)];
        return GetAsync($"{resource}/{id}", query, consumer ?? resource, cancellationToken);
    }

    /// <summary>Any small GET below /api as it is, for connection tests. Dispose the document.</summary>
    /// <param name="path">Path below /api.</param>
    /// <exception cref="CoupaException">It could not be read.</exception>
    public Task<JsonDocument> GetAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>> query, BudgetConsumer? consumer = null, CancellationToken cancellationToken = default)
    {
        var request = ApiRequest.Create(path, query, consumer ?? path);
        return _channel.GetAsync(request, body => ParseDocument(body, request), cancellationToken);
    }

    // A page shorter than asked for is no end: an instance may cap the limit. The end is an empty page, or the last id that was asked for.
    private async IAsyncEnumerable<CoupaPage> ReadPagesAsync(PageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var walk = new PageWalk(Tenant, request, _withoutProjection, _logger);
        while (!walk.IsThrough)
        {
            var target = walk.NextRequest();
            var page = await _channel.GetAsync(target, body => walk.ReadPage(body, target), cancellationToken);
            if (page is null)
                break;

            try
            {
                walk.Step(page);
            }
            catch
            {
                page.Dispose();
                throw;
            }

            yield return page;
        }
    }

    private Task<long?> ProbeAsync(PageRequest request, string direction, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string>[] query =
            [.. request.Filters, new("order_by", "id"), new("dir", direction), new("limit", "1"), new("fields", """["id"]""")];
        var target = request.Get(query);
        return _channel.GetAsync(target, body => { using (body) return ScanBody(body, target).FirstId; }, cancellationToken);
    }

    private PageScan ScanBody(ResponseBody body, ApiRequest request)
    {
        try
        {
            return PageScanner.Scan(body.Bytes.Span);
        }
        catch (JsonException)
        {
            throw PageWalk.Malformed(Tenant, request);
        }
    }

    private JsonDocument ParseDocument(ResponseBody body, ApiRequest request)
    {
        using (body)
        {
            try
            {
                return JsonDocument.Parse(body.Bytes, new JsonDocumentOptions { MaxDepth = CoupaConstants.MaxJsonDepth });
            }
            catch (JsonException)
            {
                throw PageWalk.Malformed(Tenant, request);
            }
        }
    }
}
