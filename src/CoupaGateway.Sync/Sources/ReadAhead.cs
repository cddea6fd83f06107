namespace CoupaGateway.Sync.Sources;

/// <summary>
/// Bounds the bytes of pages that were read and not taken yet, of all tables that are loaded at once. Readers that are ahead wait while there are too
/// many; a reader that somebody waits for does not.
/// </summary>
/// <param name="limit">Bytes. Each reader may go over it by the page that it is reading.</param>
internal sealed class ReadAhead(long limit)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _held;

    /// <summary>Bytes of pages that wait.</summary>
    public long Held => Interlocked.Read(ref _held);

    public void Add(long bytes) => Interlocked.Add(ref _held, bytes);

    public void Remove(long bytes)
    {
        Interlocked.Add(ref _held, -bytes);
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

    /// <summary>Waits until there is room.</summary>
    /// <param name="isWaitedFor">Whether somebody waits for what the caller is about to read. Looked at again after each change.</param>
    public async ValueTask WaitAsync(Func<bool> isWaitedFor, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;

            if (Held < limit || isWaitedFor())
                return;

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
