using System.Collections.Immutable;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Feed;

/// <summary>Rows of one version of a table.</summary>
internal record RowCondition
{
    public required TableSnapshot Snapshot { get; init; }

    /// <summary>The tables that the query reads beside it, in the order of <see cref="RelatedTables"/>.</summary>
    public ImmutableArray<TableSnapshot> Related { get; init; } = [];

    /// <summary>The condition; null for all rows.</summary>
    public string? Filter { get; init; }

    /// <summary>The values of the first key column that <see cref="Filter"/> allows, as far as they are known.</summary>
    public KeyRanges Keys { get; init; } = KeyRanges.All;

    /// <summary>Properties that the request has made up.</summary>
    public ImmutableArray<ComputedProperty> Computed { get; init; } = [];

    public required SqlParameters Parameters { get; init; }

    /// <summary>What stands after FROM: the table, with what is computed from its columns.</summary>
    public string From(OpenTables tables) => Computed.IsEmpty
        ? tables.From
        : $"(SELECT {RowReference.MainAlias}.*, {string.Join(", ", Computed.Select(static property => property.SelectItem))} FROM {tables.From} AS {RowReference.MainAlias})";
}
