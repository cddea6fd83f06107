namespace CoupaGateway.Snapshots.Chunks.Replacing;

/// <summary>What became of a range.</summary>
/// <param name="Files">The rows of the range in key order; null when the old files still are just that.</param>
/// <param name="Added">Rows with a key that was not there.</param>
/// <param name="Updated">Rows whose content is different.</param>
/// <param name="Deleted">Keys of rows that are no longer there, each as a JSON object: <c>{"invoices_id":1,"id":2}</c>.</param>
public sealed record ReplacedRange(IReadOnlyList<ChunkFile>? Files, long Added, long Updated, IReadOnlyList<string> Deleted)
{
    public static ReplacedRange Unchanged { get; } = new(null, 0, 0, []);
}
