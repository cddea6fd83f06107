namespace CoupaGateway.Schema.Custom;

/// <summary>A column or nested table to leave out.</summary>
public sealed record CustomExclusion(string Pointer, string Name);
