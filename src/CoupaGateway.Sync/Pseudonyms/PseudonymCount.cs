namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>How many values of a column were replaced in one load.</summary>
public sealed record PseudonymCount(string Table, string Column, long Values);
