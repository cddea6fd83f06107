using System.Collections.Immutable;

namespace CoupaGateway.Schema.Observed;

/// <summary>Something about a key became different.</summary>
/// <param name="Before">Type before; null for none.</param>
/// <param name="After">Type after; null for none.</param>
public sealed record DriftEvent(DateTimeOffset At, string Table, ImmutableArray<string> Path, DriftChange Change, ColumnType? Before, ColumnType? After);
