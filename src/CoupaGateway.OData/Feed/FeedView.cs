using CoupaGateway.Schema;

namespace CoupaGateway.OData.Feed;

/// <summary>A feed as one caller sees it.</summary>
/// <param name="MaxPageSize">Most rows in a page; null for what the options say.</param>
public sealed record FeedView(SchemaRevision Schema, int? MaxPageSize = null);
