using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Decoded;

/// <summary>Chunks whose rows are in memory because clients read them page after page, within <see cref="QueryOptions.PageMemory"/>.</summary>
/// <remarks>
/// (1) the first reader of a chunk has it read, on a thread of <see cref="DecodingThreads"/>; (2) those that come later share it; (3) a reader that has passed it, or parts of it, drops
/// them, unless another one is at it, so that a client is at half a chunk and the next; (4) a reader that comes for what was dropped has the chunk read anew, and as long as the table is read at several places
/// at a time nothing is dropped but whole chunks; (5) what nobody has asked for in a while is dropped when its memory is needed, or when the while is long.
/// </remarks>
internal sealed class DecodedChunkCache : IDisposable
{
    /// <summary>Bytes of a value while nothing is known better: a string has 16, and its text beside them when it is long.</summary>
    private const int ValueBytes = 24;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>How long what was just used is kept although another chunk could need the room: long enough for a client's next page.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromSeconds(2);

    private readonly TableSource _source;
    private readonly IQueryEngine _engine;
    private readonly QueryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<DecodedKey, DecodedChunk> _chunks = [];
    private readonly DecodingThreads _threads;
    private readonly CancellationTokenSource _end = new();
    private long _bytes;
    private long _shared;

    public DecodedChunkCache(TableSource source, IQueryEngine engine, IOptions<QueryOptions> options, TimeProvider time, ILogger<DecodedChunkCache> logger)
    {
        (_source, _engine, _options, _time, _logger) = (source, engine, options.Value, time, logger);
        _threads = new(_options.ThreadCount);
        _timer = time.CreateTimer(static cache => ((DecodedChunkCache)cache!).DropIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Memory in use, in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>How often a chunk that was asked for was there already.</summary>
    public long Shared
    {
        get
        {
            lock (_lock)
                return _shared;
        }
    }

    /// <summary>The rows of a chunk, to be given back by <see cref="Leave"/>; null where there is no room for them.</summary>
    /// <param name="items">The SELECT list.</param>
    /// <param name="after">The key that the reader wants the rows behind; default when it wants all.</param>
    /// <param name="isContinuation">See <see cref="RowQuery.IsContinuation"/>.</param>
    public DecodedChunk? Enter(TableSnapshot snapshot, ChunkInfo chunk, string items, ImmutableArray<RowColumn> columns, ImmutableArray<long> after, bool isContinuation)
    {
        var key = new DecodedKey(snapshot.Manifest.Table, chunk.Hash, items);
        lock (_lock)
        {
            if (_end.IsCancellationRequested)
                return null;

            // (4)
            var isShared = _chunks.TryGetValue(key, out var found) && !found.HasAllBehind(after);
            if (isShared)
            {
                if (found!.Holders > 1)
                    return null;
                Drop(found);
                found = null;
            }

            // (2)
            if (found is not null)
            {
                _shared++;
            }
            else
            {
                // (1)
                var expected = Math.Max(chunk.Rows, ColumnVector.Capacity) * BytesOfRow(key, columns.Length);
                if (!MakeRoom(expected))
                    return null;
                found = new(key, expected) { IsShared = isShared || AlikeOf(key).Any(static other => other.IsShared) };
                _chunks.Add(key, found);
                _bytes += expected;
                found.Hold();
                found.Reading = _threads.Run(() => ReadAsync(found, snapshot, chunk, columns, isContinuation));
                _timer.Change(Idle / 2, Idle / 2);
            }

            found.UsedAt = _time.GetTimestamp();
            found.Hold();
            return found;
        }
    }

    /// <summary>The reader needs none of the parts before the one of that number any more.</summary>
    /// <param name="after">The key that it began behind.</param>
    public void Pass(DecodedChunk chunk, int part, ImmutableArray<long> after)
    {
        lock (_lock)
        {
            // (3)
            if (!chunk.IsShared && chunk.IsComplete && chunk.Holders == 2 && _chunks.ContainsKey(chunk.Key))
                _bytes -= chunk.Pass(part, after);
        }
    }

    /// <param name="isPassed">Whether the reader has had all of its rows and goes on behind them.</param>
    public void Leave(DecodedChunk chunk, bool isPassed)
    {
        lock (_lock)
        {
            chunk.UsedAt = _time.GetTimestamp();

            // (3)
            if (isPassed && chunk.IsComplete && chunk.Holders == 2)
                Drop(chunk);
        }

        chunk.Release();
    }

    /// <summary>Waits until nothing is read any more: what it is read with is disposed next.</summary>
    public void Dispose()
    {
        Task reading;
        lock (_lock)
        {
            if (_end.IsCancellationRequested)
                return;
            _end.Cancel();
            reading = Task.WhenAll(_chunks.Values.Select(static chunk => chunk.Reading));
        }

        reading.Wait();
        _threads.Dispose();
        _timer.Dispose();
        lock (_lock)
        {
            foreach (var chunk in _chunks.Values.ToList())
                Drop(chunk);
        }

        _end.Dispose();
    }

    private async Task ReadAsync(DecodedChunk chunk, TableSnapshot snapshot, ChunkInfo info, ImmutableArray<RowColumn> columns, bool isContinuation)
    {
        long bytes = 0;
        Exception? failure = null;
        try
        {
            using var tables = await _source.OpenAsync(snapshot, [info], related: [], _end.Token);
            var query = new RowQuery
            {
                Sql = $"SELECT {chunk.Key.Items} FROM {tables.From} AS {RowReference.MainAlias}",
                Columns = columns,
                IsShort = true,
                IsOneOff = true,
                IsContinuation = isContinuation,
            };
            using var rows = await _engine.OpenAsync(query, _end.Token);
            while (rows.NextChunk())
                bytes += chunk.Add(rows);
        }
        catch (Exception error)
        {
            // Whatever it is: readers wait for the end, and are told.
            failure = error;
        }

        lock (_lock)
        {
            _bytes += bytes - chunk.Bytes;
            chunk.Complete(bytes, failure);
            if (failure is not null)
                Drop(chunk);
        }

        if (failure is not null and not QueryRejectedException and not Errors.FeedException && !_end.IsCancellationRequested)
            _logger.PageNotRead(failure, snapshot.Table.Name);
        chunk.Release();
    }

    /// <summary>As much as in the chunks of the same query that are here, and a little more.</summary>
    private long BytesOfRow(DecodedKey key, int columns)
    {
        var known = 1.1 * AlikeOf(key).Where(static other => other.IsComplete).Select(static other => other.RowBytes).DefaultIfEmpty().Max();
        return known > 0 ? (long)known : columns * ValueBytes;
    }

    private IEnumerable<DecodedChunk> AlikeOf(DecodedKey key) => _chunks.Values.Where(other => other.Key.Table == key.Table && other.Key.Items == key.Items);

    // (5)
    private bool MakeRoom(long wanted)
    {
        if (wanted > _options.PageMemory)
            return false;
        if (_options.PageMemory - _bytes >= wanted)
            return true;
        foreach (var chunk in _chunks.Values.Where(static chunk => chunk.Holders == 1).OrderBy(static chunk => chunk.UsedAt).ToList())
        {
            if (_time.GetElapsedTime(chunk.UsedAt) < InUse)
                break;
            Drop(chunk);
            if (_options.PageMemory - _bytes >= wanted)
                return true;
        }

        return false;
    }

    private void DropIdle()
    {
        lock (_lock)
        {
            foreach (var chunk in _chunks.Values.Where(chunk => chunk.Holders == 1 && _time.GetElapsedTime(chunk.UsedAt) >= Idle).ToList())
                Drop(chunk);
            if (_chunks.Count > 0 || _end.IsCancellationRequested)
                return;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        ProcessMemory.TrimHeaps();
    }

    private void Drop(DecodedChunk chunk)
    {
        if (!_chunks.Remove(chunk.Key))
            return;
        _bytes -= chunk.Bytes;
        chunk.Release();
    }
}
