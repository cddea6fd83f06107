using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Feed;

/// <summary>Which page of a result is wanted.</summary>
/// <param name="Name">Name of the query in page tokens.</param>
/// <param name="Size">Rows in a page.</param>
/// <param name="Remaining">Rows that <c>$top</c> allows from here on; null without.</param>
/// <param name="Skip">Rows to leave out before the page.</param>
/// <param name="Token">Where the page begins; null for the first one.</param>
internal sealed record PageOptions(string Name, int Size, long? Remaining, long Skip, SkipToken? Token, bool WithCount)
{
    /// <summary>The size of a page that has all rows, because no link could lead to another one.</summary>
    public const int Unlimited = int.MaxValue;

    /// <summary>Rows that the page may have.</summary>
    public long Limit => Math.Min(Size, Remaining ?? long.MaxValue);

    /// <param name="order">The order that a token's values belong to.</param>
    public static PageOptions Read(FeedRequest request, ImmutableArray<OrderKey> order) => Read(request, _ => order);

    /// <param name="order">The order that a token's values belong to, by the number of the part; null for none.</param>
    public static PageOptions Read(FeedRequest request, Func<int, ImmutableArray<OrderKey>?> order)
    {
        var query = request.Query;
        var name = SkipTokenCodec.QueryName(request.Path, query);
        var (top, skip, withCount) = (query.Number(QueryOptionSet.Top), query.Number(QueryOptionSet.Skip), query.Flag(QueryOptionSet.Count));
        var token = ReadToken(query, name, order, top, skip);
        var wanted = request.Preferences.MaxPageSize;
        return new(
            name,
            CollectionResponder.HasNoNextLink(request) ? Unlimited : Math.Min(wanted ?? token?.PageSize ?? request.Options.DefaultPageSize, request.MaxPageSize),
            token is null ? top : token.Remaining,
            token?.Offset ?? skip ?? 0,
            token,
            withCount);
    }

    private static SkipToken? ReadToken(QueryOptionSet query, string name, Func<int, ImmutableArray<OrderKey>?> order, long? top, long? skip)
    {
        if (query[QueryOptionSet.SkipToken] is not { } text)
            return null;
        if (top is not null || skip is not null)
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, "A $skiptoken already carries $top and $skip: take the nextLink as it is.", QueryOptionSet.SkipToken);

        return SkipTokenCodec.Decode(text, name, order);
    }
}
