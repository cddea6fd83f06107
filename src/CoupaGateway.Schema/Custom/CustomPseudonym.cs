using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Custom;

/// <summary>What is done to the values of columns.</summary>
/// <param name="Pointer">Where it stands in the document.</param>
/// <param name="Column">Column name or pattern, as <see cref="PseudonymTarget.Column"/>; empty for the column that it stands at.</param>
/// <param name="Algorithm">Null for the connection's own.</param>
public sealed record CustomPseudonym(string Pointer, string Column, PseudonymAlgorithm? Algorithm, string? Domain, int? Length);
