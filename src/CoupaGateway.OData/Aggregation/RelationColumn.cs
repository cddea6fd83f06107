using System.Collections.Immutable;
using CoupaGateway.OData.Translation;

namespace CoupaGateway.OData.Aggregation;

/// <summary>A property of the rows between two steps of <c>$apply</c>.</summary>
/// <param name="Value">The property of the row <see cref="RowReference.MainAlias"/>.</param>
/// <param name="IsDynamic">Whether the request has made it up.</param>
internal sealed record RelationColumn(string Name, SqlFragment Value, bool IsDynamic)
{
    /// <summary>The objects that it stands in, from the outermost; empty for a property of the row itself.</summary>
    public ImmutableArray<NestingStep> Above { get; init; } = [];

    /// <summary>Whether <c>$search</c> looks into it.</summary>
    public bool IsSearched { get; init; } = Value is { Kind: SqlKind.String, TokensOf: null };

    /// <summary>The name with those of the objects above: <c>invoices/status</c>.</summary>
    public string Path => Above.IsEmpty ? Name : $"{string.Join('/', Above.Select(static step => step.Name))}/{Name}";
}
