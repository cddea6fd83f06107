using System.Collections.Immutable;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Decoded;

/// <summary>
/// The rows of one chunk with the columns of one query, as DuckDB decoded them, in native memory that any number of readers share. Parts are added while the chunk is being read, and
/// readers take those that are there. The memory is freed when the last holder releases it; that of parts which its only reader has passed, before.
/// </summary>
internal sealed class DecodedChunk(DecodedKey key, long expected)
{
    private readonly Lock _lock = new();
    private readonly List<DecodedPart> _parts = [];
    private TaskCompletionSource _changed = NewSignal();
    private ImmutableArray<ColumnVector> _vectors = [];
    private ImmutableArray<long> _passed;
    private bool _isComplete;
    private Exception? _error;
    private int _holders = 1;

    public DecodedKey Key { get; } = key;

    /// <summary>Memory that it holds, in bytes; what it was expected to hold until all of it has been read.</summary>
    public long Bytes { get; private set; } = expected;

    /// <summary>When it was last asked for, a timestamp. Only the cache reads and writes it.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whoever reads the chunk. Only the cache reads and writes it.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    /// <summary>Whether parts stay until all of it goes: there are readers of the table at different places. Only the cache reads and writes it.</summary>
    public bool IsShared { get; set; }

    /// <summary>Memory of a row when all are here, in bytes; only when <see cref="IsComplete"/>.</summary>
    public double RowBytes { get; private set; }

    /// <summary>Number of the first part that is here.</summary>
    public int FirstPart { get; private set; }

    public int Holders => Volatile.Read(ref _holders);

    /// <summary>Whether all of the chunk is here, so that <see cref="RowsFrom"/> counts all of it.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        DropBefore(_parts.Count);
        _parts.Clear();
    }

    /// <summary>Takes the rows that the reader is at.</summary>
    /// <returns>Bytes that they need.</returns>
    public long Add(RowReader rows)
    {
        var count = rows.RowCount;
        var bytes = rows.Vectors.Sum(vector => vector.Bytes(count));
        lock (_lock)
        {
            if (_vectors.IsEmpty)
                _vectors = [.. rows.Vectors.Select(static vector => vector.Unbound())];
            _parts.Add(new(rows.TakeChunk(), count, bytes));
            Signal();
        }

        return bytes;
    }

    /// <summary>Says that no part follows.</summary>
    /// <param name="error">Why not, where the chunk cannot be read.</param>
    public void Complete(long bytes, Exception? error)
    {
        lock (_lock)
        {
            Bytes = bytes;
            RowBytes = (double)bytes / Math.Max(_parts.Sum(static part => part.Rows), ColumnVector.Capacity);
            _error = error;
            Volatile.Write(ref _isComplete, true);
            Signal();
        }
    }

    /// <summary>Frees the parts before the one of that number. Nobody may be at them.</summary>
    /// <param name="passed">A key that no row of the parts is behind.</param>
    /// <returns>Bytes that they had.</returns>
    public long Pass(int index, ImmutableArray<long> passed)
    {
        lock (_lock)
        {
            if (index <= FirstPart)
                return 0;
            _passed = passed;
            var bytes = DropBefore(index);
            Bytes -= bytes;
            return bytes;
        }
    }

    /// <summary>Whether all rows behind a key are here, or all at all for the default.</summary>
    public bool HasAllBehind(ImmutableArray<long> key)
    {
        lock (_lock)
            return _passed.IsDefault || (!key.IsDefault && key.AsSpan().SequenceCompareTo(_passed.AsSpan()) >= 0);
    }

    /// <summary>The part of that number, waiting until it has been read; null behind the last one.</summary>
    public async ValueTask<DecodedPart?> PartAsync(int index, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (index < _parts.Count)
                    return _parts[index];
                if (_error is not null)
                    throw _error;
                if (_isComplete)
                    return null;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Vectors that can be bound to any part; only when there is one.</summary>
    public ImmutableArray<ColumnVector> NewVectors()
    {
        lock (_lock)
            return [.. _vectors.Select(static vector => vector.Unbound())];
    }

    /// <summary>Rows of the part of that number and of all behind it.</summary>
    public int RowsFrom(int index)
    {
        lock (_lock)
            return _parts.Skip(index).Sum(static part => part.Rows);
    }

    private long DropBefore(int index)
    {
        long bytes = 0;
        for (; FirstPart < index; FirstPart++)
        {
            var (handle, _, size) = _parts[FirstPart];
            DuckDbNative.DestroyChunk(ref handle);
            bytes += size;
        }

        return bytes;
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
