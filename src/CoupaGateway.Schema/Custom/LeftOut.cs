namespace CoupaGateway.Schema.Custom;

/// <summary>A table or column that a schema could have and does not.</summary>
/// <param name="Column">Null for a whole table.</param>
/// <param name="Source">Who would have had it.</param>
/// <param name="Reason">Why it is left out, in a sentence.</param>
public sealed record LeftOut(string Table, string? Column, SchemaSource Source, string Reason);
