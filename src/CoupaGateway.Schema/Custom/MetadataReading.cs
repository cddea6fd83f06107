using System.Collections.Immutable;

namespace CoupaGateway.Schema.Custom;

/// <summary>What was read of a document, and what is to be said of it.</summary>
/// <param name="Document">What could be read; empty when nothing could.</param>
public sealed record MetadataReading(MetadataDocument Document, ImmutableArray<MetadataFinding> Findings);
