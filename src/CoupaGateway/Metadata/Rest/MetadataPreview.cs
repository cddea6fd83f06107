using System.Collections.Immutable;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata.Rest;

/// <summary>What a few records of the tenant would be in the feed.</summary>
/// <param name="Findings">What is to be said of the document.</param>
internal sealed record MetadataPreview(ImmutableArray<MetadataFinding> Findings, ImmutableArray<PreviewResource> Resources);
