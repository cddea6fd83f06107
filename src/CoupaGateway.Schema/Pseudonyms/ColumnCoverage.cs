namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>The rule that decided about a column.</summary>
/// <param name="Domain">Null where the algorithm knows no domains.</param>
public sealed record ColumnCoverage(string Table, string Column, string Rule, PseudonymAlgorithm Algorithm, string? Domain);
