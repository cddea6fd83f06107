namespace CoupaGateway.Pseudonyms;

/// <summary>The rule that decided about a column.</summary>
/// <param name="Algorithm">Name of the algorithm, as rules spell it; <c>keep</c> for clear text.</param>
/// <param name="Domain">Columns with one domain join; null where the algorithm knows no domains.</param>
internal sealed record CoverageResource(string Table, string Column, string Rule, string Algorithm, string? Domain);
