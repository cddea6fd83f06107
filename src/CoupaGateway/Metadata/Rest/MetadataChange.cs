using System.Collections.Immutable;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Metadata.Rest;

/// <summary>What a change of custom metadata did.</summary>
/// <param name="Revision">The revision in force now.</param>
/// <param name="Applied">Whether the connection uses custom metadata at all: its setting <c>customMetadata</c>.</param>
/// <param name="Findings">What is to be said of the document; none of them is an error.</param>
/// <param name="Diff">What became different.</param>
internal sealed record MetadataChange(int Revision, bool Applied, ImmutableArray<MetadataFinding> Findings, SchemaDiff Diff);
