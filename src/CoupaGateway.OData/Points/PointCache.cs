using System.Collections.Concurrent;
using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Snapshots.Chunks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Points;

/// <summary>
/// Rows by their keys without a query: a statement over a Parquet file costs milliseconds, however small its result. Chunks that lookups come back to are kept in another form, within
/// <see cref="QueryOptions.LookupMemory"/>.
/// </summary>
/// <remarks>
/// (1) a lookup that finds its chunk here is answered from it; (2) any other is a query, and counted; (3) a chunk that is asked a few times is read once, on one thread beside the requests;
/// (4) it stays until the memory is needed for another one and nobody has asked for it for a while: a set of chunks that does not fit is kept in part, not made over and over.
/// Chunks never change, and are named by what is in them, so nothing here is ever out of date.
/// </remarks>
internal sealed class PointCache(TableSource source, ChunkColumns columns, IQueryEngine engine, IOptions<QueryOptions> options, TimeProvider time, ILogger<PointCache> logger) : IDisposable
{
    /// <summary>Lookups after which a chunk is worth being read as a whole.</summary>
    private const int WorthIt = 3;

    /// <summary>Chunks that are counted.</summary>
    private const int MaxCounted = 10_000;

    private const double FirstRatio = 2;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> _chunks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();
    private long _bytes;
    private long _served;
    private int _isReading;
    private volatile Task _reading = Task.CompletedTask;

    /// <summary>Lookups that needed no query.</summary>
    public long Served => Volatile.Read(ref _served);

    /// <summary>Memory in use, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <param name="key">Values of all key columns.</param>
    /// <param name="wanted">Columns of the table, by their names.</param>
    /// <returns>The row, or a result without one; null when that takes a query.</returns>
    public PointRowReader? Find(TableSnapshot snapshot, ImmutableArray<long> key, ImmutableArray<RowColumn> wanted)
    {
        if (options.Value.LookupMemory == 0 || snapshot.Inline is not null || !TableSource.IsStoredAs(snapshot) || wanted.Any(column => column.IsDynamic || column.IsAnnotation))
            return null;

        PointChunk? found = null;
        var row = -1;
        foreach (var chunk in snapshot.WithKey(key[0]))
        {
            // (2)
            if (!_chunks.TryGetValue(chunk.Hash, out var entry))
            {
                Count(snapshot, chunk);
                return null;
            }

            entry.UsedAt = time.GetTimestamp();
            if (row < 0 && entry.Chunk.Find(key) is >= 0 and var place)
                (found, row) = (entry.Chunk, place);
        }

        if (found is not null && !wanted.All(column => found.Index.ContainsKey(column.Name)))
            return null;

        // (1)
        Interlocked.Increment(ref _served);
        return found is null ? new PointRowReader(wanted) : new PointRowReader(wanted, found, row);
    }

    /// <summary>Waits until nothing is read any more: what it is read with is disposed next.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _reading.Wait();
        _end.Dispose();
    }

    private void Count(TableSnapshot snapshot, ChunkInfo chunk)
    {
        if (_asked.Count >= MaxCounted)
            _asked.Clear();
        if (_asked.AddOrUpdate(chunk.Hash, 1, static (_, before) => before + 1) < WorthIt || Interlocked.CompareExchange(ref _isReading, 1, 0) != 0)
            return;

        _reading = ReadAsync(snapshot, chunk, _end.Token);
    }

    // (3)
    private async Task ReadAsync(TableSnapshot snapshot, ChunkInfo chunk, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            // What does not fit now is asked for again as often before it is tried again.
            _asked.TryRemove(chunk.Hash, out _);
            var room = MakeRoom(chunk.Bytes);
            if (room > 0 && !_chunks.ContainsKey(chunk.Hash) && await ReadAsync(snapshot, chunk, room, cancellationToken) is { } read && _chunks.TryAdd(chunk.Hash, new(read, chunk.Bytes) { UsedAt = time.GetTimestamp() }))
                Interlocked.Add(ref _bytes, read.Bytes);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (!cancellationToken.IsCancellationRequested)
                logger.LookupsStaySlow(error, snapshot.Table.Name);
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private async ValueTask<PointChunk?> ReadAsync(TableSnapshot snapshot, ChunkInfo chunk, long room, CancellationToken cancellationToken)
    {
        using var tables = await source.OpenAsync(snapshot, [chunk], related: [], cancellationToken);
        var stored = await columns.ReadAsync(chunk.Hash, tables.Paths[0], cancellationToken);
        if (stored.Values.Any(static type => PointColumn.Kind(type) is null))
            return null;

        ImmutableArray<RowColumn> all = [.. stored.Select(static column => new RowColumn(column.Key, PointColumn.Kind(column.Value)!.Value))];
        var query = new RowQuery
        {
            Sql = $"SELECT {string.Join(", ", all.Select(static column => SqlText.Identifier(column.Name)))} FROM read_parquet({SqlText.Path(tables.Paths[0])})",
            Columns = all,
            IsShort = true,
            IsOneOff = true,
        };
        using var rows = await engine.OpenAsync(query, cancellationToken);
        ImmutableArray<int> key = [.. snapshot.Table.Key.Select(part => all.IndexOf(all.First(column => column.Name == part.Name)))];
        return await PointChunkBuilder.BuildAsync(rows, key, room, cancellationToken);
    }

    // (4)
    private long MakeRoom(long stored)
    {
        var limit = options.Value.LookupMemory;
        var wanted = (long)(stored * Ratio());
        foreach (var (hash, entry) in _chunks.OrderBy(static pair => pair.Value.UsedAt))
        {
            if (limit - Bytes >= wanted || time.GetElapsedTime(entry.UsedAt) < Idle)
                break;
            if (_chunks.TryRemove(new(hash, entry)))
                Interlocked.Add(ref _bytes, -entry.Chunk.Bytes);
        }

        return limit - Bytes >= wanted ? limit - Bytes : 0;
    }

    /// <summary>How much more a chunk needs here than at rest: as the others have, and a little more.</summary>
    private double Ratio()
    {
        var stored = _chunks.Values.Sum(static entry => entry.Stored);
        return stored == 0 ? FirstRatio : 1.1 * Bytes / stored;
    }

    /// <param name="stored">Bytes of the chunk at rest.</param>
    private sealed class Entry(PointChunk chunk, long stored)
    {
        public PointChunk Chunk { get; } = chunk;

        public long Stored { get; } = stored;

        public long UsedAt { get; set; }
    }
}
