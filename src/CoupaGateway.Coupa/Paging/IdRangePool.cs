namespace CoupaGateway.Coupa.Paging;

/// <summary>
/// Shares a range of ids out to readers so that all of them are busy to the end, however the ids lie.
/// </summary>
/// <remarks>
/// Equal ranges of ids are not equal work: ids have gaps and cluster. So the range begins in as many parts as asked for (one per reader is enough and makes the
/// longest runs of ids), and a reader that finds no part left gets the upper half of what another one has left. The other one gives it between two
/// pages, when it knows exactly where it stands: ranges never overlap and together cover the whole.
/// <code>
///   each of n workers:
///     while (await pool.TakeAsync(ct) is { } lease)
///       using (lease)
///         await foreach (var page in client.ReadAsync(request, lease, ct))
///           using (page) ...
/// </code>
/// </remarks>
public sealed class IdRangePool
{
    /// <summary>Ranges narrower than this are not halved any more: a request or two read them.</summary>
    private const long NarrowestToHalve = 200;

    private readonly Lock _gate = new();
    private readonly Queue<IdRange> _waiting;
    private readonly HashSet<IdRangeLease> _active = [];
    private readonly Queue<TaskCompletionSource<IdRangeLease?>> _takers = new();

    public IdRangePool(IdRange whole, int parts)
        : this(whole.Split(parts))
    {
    }

    /// <summary>Begins with given ranges, such as what a checkpoint says is left. They must not overlap.</summary>
    public IdRangePool(IEnumerable<IdRange> ranges) => _waiting = new Queue<IdRange>(ranges.Where(static range => range.Width > 0));

    /// <summary>The next range to read. Waits while all that is left is being read by others; null when nothing is left.</summary>
    public async ValueTask<IdRangeLease?> TakeAsync(CancellationToken cancellationToken)
    {
        var taker = new TaskCompletionSource<IdRangeLease?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_waiting.TryDequeue(out var range))
                return Lease(range);

            if (_active.Count == 0)
                return null;

            _takers.Enqueue(taker);
        }

        await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource<IdRangeLease?>)state!).TrySetCanceled(token), taker))
        {
            return await taker.Task;
        }
    }

    /// <summary>A reader says where it stands, and here may lose the upper half of what it has left.</summary>
    internal void Advance(IdRangeLease lease, long id)
    {
        lock (_gate)
        {
            lease.Position = id;
            while (HasTaker() && LargestLeft() is { } largest && largest == lease && lease.Left.Width > NarrowestToHalve)
            {
                var halves = lease.Left.Split(2);
                var given = Lease(halves[1]);
                if (_takers.Dequeue().TrySetResult(given))
                    lease.Last = halves[0].Last;
                else
                    _active.Remove(given);
            }
        }
    }

    /// <summary>A reader is through, or has given up and leaves the rest to others.</summary>
    internal void Return(IdRangeLease lease)
    {
        lock (_gate)
        {
            if (!_active.Remove(lease))
                return;

            if (!lease.IsFinished && lease.Left.Width > 0)
                _waiting.Enqueue(lease.Left);

            while (_waiting.Count > 0 && HasTaker())
            {
                var next = Lease(_waiting.Peek());
                if (_takers.Dequeue().TrySetResult(next))
                    _waiting.Dequeue();
                else
                    _active.Remove(next);
            }

            while (_active.Count == 0 && _takers.TryDequeue(out var taker))
                taker.TrySetResult(null);
        }
    }

    private IdRangeLease Lease(IdRange range)
    {
        var lease = new IdRangeLease(this, range);
        _active.Add(lease);
        return lease;
    }

    private bool HasTaker()
    {
        while (_takers.TryPeek(out var taker) && taker.Task.IsCompleted)
            _takers.Dequeue();
        return _takers.Count > 0;
    }

    private IdRangeLease? LargestLeft() => _active.MaxBy(static lease => lease.Left.Width);
}
