using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Replacing;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Sync.Loading;

/// <summary>Puts staged rows into a table. Only chunks that hold a parent which was read again are looked at, and only those that become different are written.</summary>
/// <remarks>
/// <code>
///   old       |-- chunk 1 --|     |-- chunk 2 --|   |-- chunk 3 --|
///   staged              |-------|                                     |----|   |----|
///   range     ..............|...................|.................|..............
///   A range ends with an old chunk and holds what lies before it since the one before. What lies behind the last chunk is new and taken as
///   it is; when the last chunk is small, it takes new rows in. At the end small neighbours are put together.
/// </code>
/// </remarks>
internal sealed class TableMerger(ISnapshotStore store, IChunkCache cache, IChunkWriter writer)
{
    // A compacted chunk stays well below what the cache takes as one value.
    private const long MostBytes = 4L << 20;

    // Ranges between two looks at what is gone: keeps all cores busy, and few keys in memory.
    private const int RangesAtOnce = 16;

    /// <param name="old">The version so far, with the same columns; null when there is none to compare with.</param>
    /// <param name="staged">Chunks with new rows, in any order.</param>
    /// <param name="roots">Root keys that were read again or are gone, rising; null stands for all that there are.</param>
    /// <param name="gone">Takes the keys of rows that are gone.</param>
    public async Task<MergedTable> MergeAsync(
        TableId id, TableSchema table, TableManifest? old, ImmutableArray<ChunkInfo> staged, IReadOnlyList<long>? roots, Func<IReadOnlyList<string>, Task> gone, CancellationToken cancellationToken)
    {
        using var replacers = new ReplacerPool(writer, table);
        roots = roots as long[] ?? roots?.ToArray();
        var fresh = await OrderAsync(id, table, staged, cancellationToken);
        ImmutableArray<ChunkInfo> before = old?.Chunks ?? [];
        var merged = new List<ChunkInfo>();
        long changed = 0, deleted = 0;
        var first = long.MinValue;
        var ranges = new List<(ChunkInfo Chunk, long First, long Last)>(before.Length);
        for (var i = 0; i < before.Length; i++)
        {
            var last = i == before.Length - 1 && before[i].Rows < writer.RowsPerChunk * 3L / 4 ? long.MaxValue : before[i].MaxKey;
            ranges.Add((before[i], first, last));
            first = last == long.MaxValue ? last : last + 1;
        }

        foreach (var some in ranges.Chunk(RangesAtOnce))
        {
            var results = await Task.WhenAll(some.Select(range => Task.Run(() => ReplaceAsync(range.Chunk, range.First, range.Last), cancellationToken)));
            foreach (var (result, chunks) in results)
            {
                merged.AddRange(chunks);
                await TakeAsync(result);
            }
        }

        if (before.IsEmpty || first < long.MaxValue)
            merged.AddRange(await AppendAsync());

        var isChanged = !merged.SequenceEqual(before);
        return new MergedTable(isChanged ? await CompactAsync(id, replacers, merged, cancellationToken) : before, isChanged, changed, deleted);

        async Task<(ReplacedRange Result, IReadOnlyList<ChunkInfo> Chunks)> ReplaceAsync(ChunkInfo chunk, long from, long to)
        {
            var added = fresh.Where(candidate => candidate.MaxKey >= from && candidate.MinKey <= to).ToArray();
            ArraySegment<long>? touched = roots is null ? (ArraySegment<long>?)null : Within(roots, from, to);
            if (touched is { } some && added.Length == 0 && Within(some, chunk.MinKey, chunk.MaxKey).Count == 0)
                return (ReplacedRange.Unchanged, [chunk]);

            using var files = await cache.OpenAsync(id, [chunk, .. added], cancellationToken);
            var result = await replacers.UseAsync(
                replacer => replacer.Replace(new RangeReplacement { First = from, Last = to, Old = [files.Paths[0]], New = files.Paths[1..], Roots = touched }, cancellationToken), cancellationToken);
            return (result, result.Files is null ? [chunk] : await store.UploadAllAsync(id, result.Files, cancellationToken));
        }

        async Task<List<ChunkInfo>> AppendAsync()
        {
            var behind = new List<ChunkInfo>();
            foreach (var chunk in fresh.Where(chunk => chunk.MaxKey >= first))
            {
                if (chunk.MinKey >= first)
                {
                    behind.Add(chunk);
                    changed += chunk.Rows;
                    continue;
                }

                using var files = await cache.OpenAsync(id, [chunk], cancellationToken);
                var result = await replacers.UseAsync(replacer => replacer.Replace(new RangeReplacement { First = first, Old = [], New = files.Paths }, cancellationToken), cancellationToken);
                await TakeAsync(result);
                behind.AddRange(await store.UploadAllAsync(id, result.Files ?? [], cancellationToken));
            }

            return behind;
        }

        async Task TakeAsync(ReplacedRange result)
        {
            changed += result.Added + result.Updated;
            deleted += result.Deleted.Count;
            if (result.Deleted.Count > 0)
                await gone(result.Deleted);
        }
    }

    /// <summary>The distinct root keys in chunks of a table, rising.</summary>
    public async Task<IReadOnlyList<long>> ReadRootKeysAsync(TableId id, TableSchema table, ImmutableArray<ChunkInfo> chunks, CancellationToken cancellationToken)
    {
        using var replacer = writer.Replace(table);
        using var files = await cache.OpenAsync(id, chunks, cancellationToken);
        return replacer.ReadRootKeys(files.Paths, cancellationToken);
    }

    /// <summary>Puts chunks in the order of their keys, and sorts their rows again where their keys overlap.</summary>
    private async Task<ImmutableArray<ChunkInfo>> OrderAsync(TableId id, TableSchema table, ImmutableArray<ChunkInfo> staged, CancellationToken cancellationToken)
    {
        var ordered = staged.OrderBy(static chunk => chunk.MinKey).ToImmutableArray();
        if (!ordered.Where((chunk, i) => i > 0 && chunk.MinKey <= ordered[i - 1].MaxKey).Any())
            return ordered;

        using var files = await cache.OpenAsync(id, ordered, cancellationToken);
        return [.. await store.UploadAllAsync(id, writer.Merge(table, files.Paths, cancellationToken), cancellationToken)];
    }

    private async Task<ImmutableArray<ChunkInfo>> CompactAsync(TableId id, ReplacerPool replacers, List<ChunkInfo> chunks, CancellationToken cancellationToken)
    {
        var compact = ImmutableArray.CreateBuilder<ChunkInfo>();
        for (var start = 0; start < chunks.Count;)
        {
            var end = start + 1;
            long rows = chunks[start].Rows, bytes = chunks[start].Bytes;
            while (end < chunks.Count && rows + chunks[end].Rows <= writer.RowsPerChunk && bytes + chunks[end].Bytes <= MostBytes)
            {
                rows += chunks[end].Rows;
                bytes += chunks[end].Bytes;
                end++;
            }

            if (end - start == 1)
            {
                compact.Add(chunks[start]);
            }
            else
            {
                using var files = await cache.OpenAsync(id, chunks[start..end], cancellationToken);
                var result = await replacers.UseAsync(replacer => replacer.Replace(new RangeReplacement { Old = files.Paths, New = [], Roots = [], Rewrite = true }, cancellationToken), cancellationToken);
                compact.AddRange(await store.UploadAllAsync(id, result.Files!, cancellationToken));
            }

            start = end;
        }

        return compact.ToImmutable();
    }

    private static ArraySegment<long> Within(IReadOnlyList<long> sorted, long first, long last)
    {
        var all = sorted is ArraySegment<long> segment ? segment : (ArraySegment<long>)(sorted as long[] ?? [.. sorted]);
        var from = Place(all, first);
        var to = last == long.MaxValue ? all.Count : Place(all, last + 1);
        return all.Slice(from, to - from);
    }

    private static int Place(ArraySegment<long> sorted, long value)
    {
        var place = sorted.AsSpan().BinarySearch(value);
        return place < 0 ? ~place : place;
    }
}
