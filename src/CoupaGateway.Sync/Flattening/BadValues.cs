using System.Collections.Immutable;

namespace CoupaGateway.Sync.Flattening;

/// <summary>Values of one column that did not fit and were left out.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Column">Name of the column, or null when an element of the table itself was no object.</param>
/// <param name="Count">How many.</param>
/// <param name="Keys">Keys of the first API records that held one, in the order of reading, at most <see cref="FindingsTally.MostKeys"/>; never the values.</param>
public sealed record BadValues(string Table, string? Column, long Count, ImmutableArray<long> Keys);
