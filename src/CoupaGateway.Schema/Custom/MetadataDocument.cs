using System.Collections.Immutable;

namespace CoupaGateway.Schema.Custom;

/// <summary>A custom metadata document as it was written, read leniently.</summary>
public sealed record MetadataDocument
{
    public static MetadataDocument Empty { get; } = new();

    /// <summary>Release that the document was written for; only a remark.</summary>
    public string? Version { get; init; }

    public ImmutableArray<CustomResource> Resources { get; init; } = [];
}
