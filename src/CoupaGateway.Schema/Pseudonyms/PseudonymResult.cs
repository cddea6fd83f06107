namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>A schema with marked columns, and what was marked by which rule.</summary>
public sealed record PseudonymResult(SchemaRevision Schema, PseudonymReport Report);
