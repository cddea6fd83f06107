namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>Some rows of a buffer, in key order.</summary>
/// <param name="Permutation">Row index by place, or null when place and index are the same.</param>
internal sealed record RowSlice(RowBuffer Rows, int[]? Permutation, int Start, int Length);
