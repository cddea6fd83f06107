using System.Collections.Immutable;

namespace CoupaGateway.Schema.Custom;

/// <summary>What is taken of a JSON object: columns, columns of objects in it, and nested tables.</summary>
public sealed record CustomObject
{
    public ImmutableArray<CustomColumn> Columns { get; init; } = [];

    public ImmutableArray<CustomField> Fields { get; init; } = [];

    public ImmutableArray<CustomArray> Arrays { get; init; } = [];

    public bool IsEmpty => Columns.IsEmpty && Fields.IsEmpty && Arrays.IsEmpty;
}
