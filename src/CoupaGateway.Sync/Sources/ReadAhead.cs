namespace CoupaGateway.Sync.Sources;

/// <summary>
/// Bounds the bytes of pages that are asked for or wait for their turn, of all tables that are loaded at once. Whoever is ahead waits while there are too
/// many; who has little in memory itself is let through, so that a large table holds no small one up.
/// </summary>
/// <param name="limit">Bytes.</param>
internal sealed class ReadAhead(long limit)
{
    // Of the limit, for each table beside what all hold.
    private const int Shares = 8;

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _held;

    public long Limit => limit;

    /// <summary>What a table may hold, however much the others do.</summary>
    public long Share => limit / Shares;

    /// <summary>Bytes of pages that are asked for or wait.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Waits until there is room, and takes it.</summary>
    /// <param name="isLetThrough">Whether the caller may go on without room. Looked at again after each change.</param>
    public async ValueTask ReserveAsync(long bytes, Func<bool> isLetThrough, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_held <= limit - bytes || isLetThrough())
                {
                    Interlocked.Add(ref _held, bytes);
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes more, or gives back.</summary>
    public void Add(long bytes)
    {
        Interlocked.Add(ref _held, bytes);
        if (bytes < 0)
            Wake();
    }

    /// <summary>Lets all who wait look again.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
            (changed, _changed) = (_changed, NewSignal());

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
