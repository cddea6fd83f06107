using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Tables;

/// <summary>One version of a table, and which of its chunks a query has to read.</summary>
internal sealed record TableSnapshot(TableSchema Table, TableManifest Manifest)
{
    /// <summary>SQL that makes the rows, in key order; null for a table whose rows are in chunks.</summary>
    public string? Inline { get; init; }

    public ImmutableArray<ChunkInfo> All => Manifest.Chunks;

    /// <summary>The chunks that can hold rows with this value of the first key column.</summary>
    public ImmutableArray<ChunkInfo> WithKey(long key) => [.. All.Where(chunk => chunk.MinKey <= key && key <= chunk.MaxKey)];

    /// <summary>The chunks that can hold rows with one of these values of the first key column.</summary>
    public ImmutableArray<ChunkInfo> Within(KeyRanges keys) => [.. All.Where(chunk => keys.Meets(chunk.MinKey, chunk.MaxKey))];

    /// <summary>The chunks that hold <paramref name="count"/> rows after the first <paramref name="skip"/>, and how many rows to skip in them.</summary>
    public (ImmutableArray<ChunkInfo> Chunks, long Skip) Rows(long skip, long count)
    {
        var first = 0;
        while (first < All.Length && skip >= All[first].Rows)
            skip -= All[first++].Rows;

        return (Enough(All[first..], Math.Min(count, long.MaxValue - skip) + skip, firstIsPartial: false), skip);
    }

    /// <summary>As many of the chunks, from the first, as hold so many rows.</summary>
    /// <param name="firstIsPartial">Whether an unknown part of the first chunk lies before what is wanted: its rows do not count.</param>
    public static ImmutableArray<ChunkInfo> Enough(ImmutableArray<ChunkInfo> chunks, long count, bool firstIsPartial)
    {
        long rows = 0;
        for (var index = 0; index < chunks.Length; index++)
        {
            if (rows >= count && index > 0)
                return chunks[..index];
            rows += index == 0 && firstIsPartial ? 0 : chunks[index].Rows;
        }

        return chunks;
    }
}
