using System.Collections.Immutable;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Expansion;

/// <summary>One navigation property of <c>$expand</c>, translated: which related rows stand inside each row, and how they are written.</summary>
internal sealed record ExpandLevel
{
    /// <summary>Name of the navigation property.</summary>
    public required string Name { get; init; }

    /// <summary>Whether many rows can stand there; else it is one object or null.</summary>
    public required bool IsCollection { get; init; }

    /// <summary>The entity set of the related rows.</summary>
    public required IEdmEntitySet Set { get; init; }

    public required TableSchema Table { get; init; }

    /// <summary>What stands after FROM for the related rows.</summary>
    public required string From { get; init; }

    /// <summary>The related row in conditions and orders.</summary>
    public required RowReference Row { get; init; }

    public required SelectPlan Select { get; init; }

    /// <summary>Condition of its <c>$filter</c>; null without.</summary>
    public string? Filter { get; init; }

    /// <summary>The total order.</summary>
    public required ImmutableArray<OrderKey> Order { get; init; }

    /// <summary>How many parts of both keys tell which rows belong together: those of the shorter one.</summary>
    public int KeyParts { get; init; }

    public long Skip { get; init; }

    public long? Top { get; init; }

    /// <summary>Options of the address that gives what does not fit, encoded and without <c>$top</c> and <c>$skip</c>; each ends with an ampersand.</summary>
    public required string LinkOptions { get; init; }

    /// <summary>What is expanded inside.</summary>
    public required ExpandPlan Inside { get; init; }
}
