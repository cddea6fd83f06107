using System.Collections.Immutable;

namespace CoupaGateway.OData.Paging;

/// <summary>Where the next page of a result begins.</summary>
internal sealed record SkipToken
{
    /// <summary>Version of the table that all pages read.</summary>
    public required long Version { get; init; }

    /// <summary>Versions of the tables that the query reads beside it, in the order in which it names them.</summary>
    public ImmutableArray<long> Related { get; init; } = [];

    /// <summary>Names the query that the token belongs to: options that change rows or their order.</summary>
    public required string Query { get; init; }

    /// <summary>Rows in a page.</summary>
    public required int PageSize { get; init; }

    /// <summary>Rows that <c>$top</c> still allows; null without <c>$top</c>.</summary>
    public long? Remaining { get; init; }

    /// <summary>The total that <c>$count=true</c> gave on the first page; null without.</summary>
    public long? Count { get; init; }

    /// <summary>Values of the order's keys in the last row served; empty when <see cref="Offset"/> says where to go on.</summary>
    public ImmutableArray<object?> Last { get; init; } = [];

    /// <summary>Rows before the page, where the values of <see cref="Last"/> would be too long for a URL.</summary>
    public long Offset { get; init; }

    /// <summary>Which of the results that follow each other the page begins in; 0 where there is one.</summary>
    public int Part { get; init; }
}
