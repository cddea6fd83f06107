using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Records;

namespace CoupaGateway.Sandbox.Queries;

/// <summary>What a list request asks for.</summary>
internal sealed record ListQuery
{
    public required IReadOnlyList<Filter> Filters { get; init; }

    public required Projection Projection { get; init; }

    /// <summary>Path of the field to order by; empty for the id.</summary>
    public IReadOnlyList<ApiField> OrderBy { get; init; } = [];

    public bool Descending { get; init; }

    public int Limit { get; init; } = 50;

    public long Offset { get; init; }

    /// <summary>Filters and order as text: equal for the pages of one list.</summary>
    public required string ListKey { get; init; }
}
