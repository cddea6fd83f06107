namespace CoupaGateway.Coupa.Paging;

/// <summary>
/// A range of ids that one reader has to read. Its end may come nearer while it reads, when others are out of work: <see cref="Range"/> is final once the reading has ended.
/// Dispose it in any case: a range that was not read to its end goes back to the pool.
/// </summary>
public sealed class IdRangeLease : IDisposable
{
    private readonly IdRangePool _pool;
    private readonly long _first;
    private long _last;
    private long? _position;

    internal IdRangeLease(IdRangePool pool, IdRange range)
    {
        _pool = pool;
        _first = range.First;
        _last = range.Last;
    }

    /// <summary>The ids that belong to this lease now. While it is being read, its <c>Last</c> may fall (never below what has been read).</summary>
    public IdRange Range => new(_first, Volatile.Read(ref _last));

    internal long Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    /// <summary>The last id read. Written and read under the pool's lock.</summary>
    internal long? Position
    {
        get => _position;
        set => _position = value;
    }

    internal IdRange Left => _position == long.MaxValue ? new IdRange(1, 0) : new(_position + 1 ?? _first, Last);

    internal bool IsFinished { get; private set; }

    public void Dispose() => _pool.Return(this);

    internal void Advance(long id) => _pool.Advance(this, id);

    internal void Finish() => IsFinished = true;
}
