using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Http;

namespace CoupaGateway.Coupa.Paging;

/// <summary>What to read of one resource, page by page in the order of ids.</summary>
public sealed record PageRequest
{
    /// <summary>Path below /api: <c>invoices</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Go on after this point; null begins with the first record.</summary>
    public PageCursor? After { get; init; }

    /// <summary>Read no ids above this one; null reads to the end.</summary>
    public long? UpToId { get; init; }

    /// <summary>Further query parameters as Coupa names them: <c>updated_at[gt_or_eq]</c>, <c>show_deleted_lines</c>. Unescaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Filters { get; init; } = [];

    /// <summary>The projection as the JSON that Coupa takes: <c>["id",{"supplier":["id","name"]}]</c>. Null asks for the instance's default. Unescaped.</summary>
    public string? Fields { get; init; }

    /// <summary>
    /// Several records may have the same id (purchase order revisions). Pages then overlap in the last id and skip by offset what was read, so that nothing
    /// is lost or doubled where a page ends between them, as long as the instance keeps equal ids in one order.
    /// </summary>
    public bool IdsMayRepeat { get; init; }

    /// <summary>Whose turn it is in the request budget; the resource when null. Readers of one table share a name.</summary>
    public BudgetConsumer? Consumer { get; init; }

    /// <summary>Called before an attempt is made again. Returns at once and does not throw.</summary>
    public Action? Retrying { get; init; }

    /// <summary>The same request for the records of one range of ids.</summary>
    public PageRequest Within(IdRange range) => this with
    {
        After = range.First == long.MinValue ? null : new PageCursor(range.First - 1),
        UpToId = range.Last == long.MaxValue ? null : range.Last,
    };

    /// <summary>One GET of all that the request takes.</summary>
    internal ApiRequest Get(IEnumerable<KeyValuePair<string, string>> query) => ApiRequest.Create(Resource, query, Consumer ?? Resource) with { Retrying = Retrying };
}
