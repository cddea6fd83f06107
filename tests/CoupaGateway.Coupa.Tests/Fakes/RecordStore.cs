using System.Text;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>Records with an id and a serial number, sorted by both, answered as Coupa's list requests are.</summary>
internal sealed class RecordStore(IEnumerable<long> ids)
{
    private readonly (long Id, int Serial)[] _records = [.. ids.Order().Select(static (id, serial) => (id, serial))];

    public int Count => _records.Length;

    /// <summary>The most records that it gives, whatever limit is asked for.</summary>
    public int Cap { get; init; } = 50;

    public Task Answer(HttpContext context)
    {
        var query = context.Request.Query;
        IEnumerable<(long Id, int Serial)> rows = _records;
        if (query.TryGetValue("id[gt]", out var gt))
            rows = rows.Where(row => row.Id > long.Parse(gt!));
        if (query.TryGetValue("id[gt_or_eq]", out var from))
            rows = rows.Where(row => row.Id >= long.Parse(from!));
        if (query.TryGetValue("id[lt_or_eq]", out var upTo))
            rows = rows.Where(row => row.Id <= long.Parse(upTo!));
        if (query["dir"] == "desc")
            rows = rows.Reverse();
        if (query.TryGetValue("offset", out var offset))
            rows = rows.Skip(int.Parse(offset!));

        var json = new StringBuilder("[").AppendJoin(',', rows.Take(Math.Min(Cap, int.Parse(query["limit"]!))).Select(static row => $$"""{"serial":{{row.Serial}},"id":{{row.Id}}}"""));
        return FakeCoupa.Json(context, json.Append(']').ToString());
    }
}
