namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>A column in clear whose name suggests personal data.</summary>
/// <param name="Word">The part of the name that does.</param>
public sealed record PersonalLook(string Table, string Column, string Word);
