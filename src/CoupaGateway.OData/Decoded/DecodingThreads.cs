namespace CoupaGateway.OData.Decoded;

/// <summary>Threads of their own that chunks are decoded on, as few as suffice: the one that was busy last is the next to get work, and another one is only started when all are busy.</summary>
/// <remarks>
/// DuckDB's allocator keeps what a thread has freed for the threads of the same arena. Decoding on whichever thread of the pool was free left the memory of a chunk in several arenas, of no use to the next.
/// </remarks>
internal sealed class DecodingThreads(int most) : TaskScheduler, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Task> _waiting = [];
    private readonly Stack<SemaphoreSlim> _idle = [];
    private readonly List<Thread> _threads = [];
    private bool _ended;

    public override int MaximumConcurrencyLevel => most;

    /// <summary>Runs work and all that follows its awaits on the threads.</summary>
    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Ends the threads when they have done what was queued.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var thread in _idle)
                thread.Release();
            _idle.Clear();
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _waiting.Enqueue(task);
            if (_idle.TryPop(out var thread))
                thread.Release();
            else if (_threads.Count < most)
                Start();
        }
    }

    /// <summary>Never on the thread that asks: it may be one that a request needs.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
            return [.. _waiting];
    }

    private void Start()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "Chunk decoder" };
        _threads.Add(thread);
        thread.Start();
    }

    private void Work()
    {
        using var wake = new SemaphoreSlim(0);
        while (true)
        {
            Task? task;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out task))
                {
                    if (_ended)
                        return;
                    _idle.Push(wake);
                }
            }

            if (task is null)
                wake.Wait();
            else
                TryExecuteTask(task);
        }
    }
}
