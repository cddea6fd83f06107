using System.Collections.Immutable;

namespace CoupaGateway.Schema.Custom;

/// <summary>A table that a document adds, or a known one that it changes.</summary>
public sealed record CustomResource
{
    /// <summary>Where it stands in the document.</summary>
    public required string Pointer { get; init; }

    /// <summary>Name of the table, as it was written.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Path below <c>/api</c>; null when the document names none.</summary>
    public string? Url { get; init; }

    public CoupaRelease? AvailableSince { get; init; }

    public string? Description { get; init; }

    /// <summary>OAuth scope that reading needs; null when it is not said.</summary>
    public string? Scope { get; init; }

    /// <summary>Fixed request parameters.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Request field that tells when a record changed; null when the document says nothing, empty when there is none.</summary>
    public string? Watermark { get; init; }

    /// <summary>Names of columns and nested tables that are left out.</summary>
    public ImmutableArray<CustomExclusion> Exclude { get; init; } = [];

    /// <summary>Rules for columns of the table, by column pattern.</summary>
    public ImmutableArray<CustomPseudonym> Pseudonyms { get; init; } = [];

    public required CustomObject Content { get; init; }
}
