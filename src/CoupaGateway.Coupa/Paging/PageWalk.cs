using System.Collections.Concurrent;
using System.Text.Json;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Tenants;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Paging;

/// <summary>One reader's way through a resource: makes the next request of where it stands, and checks that each page is a step forward.</summary>
/// <remarks>
/// <code>
///   ids unique      id[gt]=last                      every id is above the one before
///   ids may repeat  id[gt_or_eq]=last, offset=seen   the first `seen` rows are those with id = last that are read
/// </code>
/// </remarks>
internal sealed class PageWalk(CoupaTenant tenant, PageRequest request, ConcurrentDictionary<string, bool> withoutProjection, ILogger logger)
{
    /// <summary>So many records cannot share one id: the instance ignores the offset.</summary>
    private const int MostWithOneId = 100_000;

    private PageCursor? _position = request.After;
    private bool _stuck;
    private bool _projectionDropped;
    private bool _repeatReported;

    /// <summary>Nothing can follow: all ids up to the bound are read, or the last page had no id to go on from.</summary>
    public bool IsThrough => _stuck || (request.UpToId is { } bound && _position is { Seen: 0 } position && position.Id >= bound);

    public ApiRequest NextRequest()
    {
        if (!_projectionDropped)
        {
            var target = Compose(request.Fields);
            if (request.Fields is null || Length(target) <= tenant.MaxUrlLength)
                return target;

            _projectionDropped = true;
            if (withoutProjection.TryAdd(request.Resource, true))
                Log.ProjectionDropped(logger, request.Resource, tenant.MaxUrlLength);
        }

        return Compose(null);
    }

    /// <summary>Makes a page of a body; null when there are no records. Throws when the body is not whole.</summary>
    public CoupaPage? ReadPage(ResponseBody body, ApiRequest target)
    {
        var kept = false;
        try
        {
            var scan = PageScanner.Scan(body.Bytes.Span);
            if (scan.Count == 0)
                return null;

            kept = true;
            return new CoupaPage(body, scan, _projectionDropped) { Next = After(scan) };
        }
        catch (JsonException)
        {
            throw Malformed(tenant, target);
        }
        finally
        {
            if (!kept)
                body.Dispose();
        }
    }

    /// <exception cref="CoupaException">The page is no step forward, or holds what was not asked for. Going on would lose or double records.</exception>
    public void Step(CoupaPage page)
    {
        var scan = page.Scan;
        if (scan.Count > tenant.PageSize)
            throw Broken($"it sent {scan.Count} records where {tenant.PageSize} were asked for");

        if (!scan.IsAscending)
            throw Broken("the ids in a page are not in order");

        if (scan.LastId > request.UpToId)
            throw Broken("it sent an id above the upper bound asked for");

        if (_position is { } position && scan.FirstId is { } first && (request.IdsMayRepeat && position.Seen > 0 ? first < position.Id : first <= position.Id))
            throw Broken("it sent ids again that were read before");

        if (scan.LastId is null && _position is not { Seen: > 0 } && scan.Count == tenant.PageSize)
            throw Broken("no record of a full page has an id");

        if (page.Next is { Seen: > MostWithOneId })
            throw Broken("one id does not end, so it ignores the offset");

        if (scan.HasRepeatedIds && !request.IdsMayRepeat && !_repeatReported)
        {
            _repeatReported = true;
            Log.IdsRepeat(logger, request.Resource);
        }

        _stuck = page.Next == _position;
        _position = page.Next;
    }

    internal static CoupaException Malformed(CoupaTenant tenant, ApiRequest target) => new(
        CoupaFailure.MalformedBody, $"{tenant.Host} answered {target.Path} with something else than complete JSON of the expected form, at most {CoupaConstants.MaxJsonDepth} levels deep.");

    private PageCursor? After(PageScan scan)
    {
        if (!request.IdsMayRepeat)
            return scan.LastId is { } last ? new PageCursor(last) : _position;

        // Records without id count as seen, too: the instance skips rows, whatever is in them.
        var before = _position is { Seen: > 0 } position ? position : default;
        if (scan.LastId is not { } id)
            return _position is null ? null : _position.Value with { Seen = before.Seen + scan.Count };

        return new PageCursor(id, before.Seen > 0 && id == before.Id ? before.Seen + scan.Count : scan.SinceLastId);
    }

    private ApiRequest Compose(string? fields)
    {
        var query = new List<KeyValuePair<string, string>>(request.Filters.Count + 6);
        query.AddRange(request.Filters);
        if (_position is { } position)
        {
            query.Add(new(position.Seen > 0 ? "id[gt_or_eq]" : "id[gt]", position.Id.ToString()));
            if (position.Seen > 0)
                query.Add(new("offset", position.Seen.ToString()));
        }

        if (request.UpToId is { } bound)
            query.Add(new("id[lt_or_eq]", bound.ToString()));
        query.Add(new("order_by", "id"));
        query.Add(new("dir", "asc"));
        query.Add(new("limit", tenant.PageSize.ToString()));
        if (fields is not null)
            query.Add(new("fields", fields));
        return request.Get(query);
    }

    private int Length(ApiRequest target) => tenant.Instance.AbsoluteUri.Length - 1 + target.PathAndQuery.Length;

    private CoupaException Broken(string how) => new(
        CoupaFailure.PagingBroken, $"{tenant.Host} does not page {request.Resource} by id: {how}. Reading on would lose or double records.");
}
