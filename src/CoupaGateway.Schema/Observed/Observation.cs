using System.Collections.Immutable;

namespace CoupaGateway.Schema.Observed;

/// <summary>A key that records had in one run.</summary>
/// <param name="Table">Table whose element has it.</param>
/// <param name="Path">JSON keys from the element down, with hyphens written as underscores.</param>
/// <param name="Count">How often it had a value.</param>
public sealed record Observation(string Table, ImmutableArray<string> Path, ValueKinds Kinds, long Count);
