using System.Collections.Immutable;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Custom;

/// <summary>What a document makes of a schema.</summary>
/// <param name="Schema">The schema with what could be taken: what has an error is not in it.</param>
/// <param name="Findings">What is to be said of the document with this schema.</param>
/// <param name="LeftOut">Tables and columns of the schema or the document that are not in the result, by the document's own words or because the instance is older.</param>
/// <param name="Rules">Rules for pseudonyms that the document brings.</param>
public sealed record MetadataResult(SchemaRevision Schema, ImmutableArray<MetadataFinding> Findings, ImmutableArray<LeftOut> LeftOut, ImmutableArray<PseudonymRule> Rules);
