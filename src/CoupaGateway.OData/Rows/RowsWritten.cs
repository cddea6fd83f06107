using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>What a writer did with a result.</summary>
/// <param name="Count">Rows written.</param>
/// <param name="More">Whether the result has at least one row beyond the limit.</param>
/// <param name="LastTokenValues">Values of the page token columns in the last row written; empty when none were asked for or no row was written.</param>
internal sealed record RowsWritten(long Count, bool More, ImmutableArray<object?> LastTokenValues);
