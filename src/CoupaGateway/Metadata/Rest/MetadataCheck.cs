using System.Collections.Immutable;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata.Rest;

/// <summary>What is to be said of a document.</summary>
/// <param name="Valid">Whether it could be saved: no finding is an error.</param>
internal sealed record MetadataCheck(bool Valid, ImmutableArray<MetadataFinding> Findings);
