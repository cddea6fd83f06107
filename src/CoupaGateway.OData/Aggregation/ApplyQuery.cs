using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Aggregation;

/// <summary>A request with <c>$apply</c>, translated. Its <see cref="RowCondition.Keys"/> are those of the rows that any part reads.</summary>
internal sealed record ApplyQuery : RowCondition
{
    public required IEdmEntitySet Set { get; init; }

    public required ImmutableArray<ApplyPart> Parts { get; init; }

    public required PageOptions Page { get; init; }

    public required ResponseFormat Format { get; init; }

    /// <summary>What follows the entity set's name in the context URL.</summary>
    public required string ContextSuffix { get; init; }

    /// <summary>The only part as a query for entities, with what stands inside them; null where nothing is expanded.</summary>
    public CollectionQuery? Expanded { get; init; }
}
