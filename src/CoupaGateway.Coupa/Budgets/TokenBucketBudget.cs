namespace CoupaGateway.Coupa.Budgets;

/// <summary>
/// A token bucket with a fair queue in front and a bound on requests in flight.
/// </summary>
/// <remarks>
/// In any window of w seconds at most <c>burst + rate × w</c> permits are given.
/// A 429 cuts the rate to three quarters (once a second at most: the answers to one burst are one signal) and empties the bucket;
/// from then on the rate grows by one percent of the configured rate a second until it is whole again.
/// </remarks>
internal sealed class TokenBucketBudget : IRequestBudget, IDisposable
{
    private const double CutFactor = 0.75;
    private const double FloorFactor = 0.04;
    private const double RecoveryPerSecond = 0.01;
    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UsageWindow = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Dictionary<string, ConsumerQueue> _consumers = [];
    private readonly PriorityQueue<ConsumerQueue, (double Pass, long Order)> _turns = new();
    private readonly Queue<TimeSpan> _recent = new();

    // Each turn takes a consumer further by the inverse of its priority; who is behind is next. A newcomer begins where the others are.
    private double _pass;
    private long _order;

    private double _configuredRate;
    private int _burst;
    private int _maxConcurrency;
    private double _rate;
    private double _tokens;
    private TimeSpan _refilledAt;
    private TimeSpan _pausedUntil;
    private TimeSpan? _cutAt;
    private int _inFlight;
    private int _waiting;
    private bool _disposed;

    public TokenBucketBudget(double requestsPerSecond, int burst, int maxConcurrency, TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        (_configuredRate, _burst, _maxConcurrency) = (requestsPerSecond, burst, maxConcurrency);
        (_rate, _tokens) = (requestsPerSecond, burst);
        _timer = time.CreateTimer(static state => ((TokenBucketBudget)state!).Dispatch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public BudgetUsage Usage
    {
        get
        {
            lock (_gate)
            {
                Refill();
                ForgetOldGrants();
                return new BudgetUsage(_recent.Count / UsageWindow.TotalSeconds, _rate, _inFlight, _waiting);
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Takes over changed settings. What a 429 has taught about the rate is kept as far as it fits.</summary>
    public void Configure(double requestsPerSecond, int burst, int maxConcurrency)
    {
        lock (_gate)
        {
            if (_configuredRate.Equals(requestsPerSecond) && _burst == burst && _maxConcurrency == maxConcurrency)
                return;

            Refill();
            _rate = _rate >= _configuredRate ? requestsPerSecond : Math.Min(_rate, requestsPerSecond);
            (_configuredRate, _burst, _maxConcurrency) = (requestsPerSecond, burst, maxConcurrency);
            _tokens = Math.Min(_tokens, burst);
        }

        Dispatch();
    }

    public async ValueTask<IDisposable> AcquireAsync(BudgetConsumer consumer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_consumers.TryGetValue(consumer.Name, out var queue))
            {
                _consumers.Add(consumer.Name, queue = new ConsumerQueue(consumer));
                _turns.Enqueue(queue, (_pass, _order++));
            }

            queue.Waiting.Enqueue(turn);
            _waiting++;
        }

        Dispatch();

        // A turn that is taken back stays in its queue until its time comes and is then passed over.
        await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
        {
            await turn.Task;
        }

        return new RequestPermit(this);
    }

    public void ReportThrottled(TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            Refill();
            var now = Now;
            if (_cutAt is null || now - _cutAt >= OneSignal)
            {
                _rate = Math.Max(_rate * CutFactor, _configuredRate * FloorFactor);
                _cutAt = now;
            }

            _tokens = 0;
            if (retryAfter is { } pause && now + pause > _pausedUntil)
                _pausedUntil = now + pause;
        }

        Dispatch();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var turn in _consumers.Values.SelectMany(static consumer => consumer.Waiting))
                turn.TrySetException(new ObjectDisposedException(nameof(TokenBucketBudget)));
            _consumers.Clear();
            _turns.Clear();
            _waiting = 0;
        }

        _timer.Dispose();
    }

    internal void Release()
    {
        lock (_gate)
        {
            _inFlight--;
        }

        Dispatch();
    }

    private void Dispatch()
    {
        lock (_gate)
        {
            Refill();
            while (_turns.Count > 0 && _inFlight < _maxConcurrency && _tokens >= 1 && Now >= _pausedUntil)
                GiveTurn();

            // With all requests in flight the next release dispatches; otherwise time does.
            if (_turns.Count > 0 && _inFlight < _maxConcurrency && !_disposed)
                _timer.Change(UntilNextToken(), Timeout.InfiniteTimeSpan);
        }
    }

    private void GiveTurn()
    {
        _turns.TryDequeue(out var consumer, out var turnOf);
        _pass = turnOf.Pass;
        var granted = false;
        while (!granted && consumer!.Waiting.TryDequeue(out var turn))
        {
            _waiting--;
            granted = turn.TrySetResult();
        }

        if (granted)
        {
            _tokens--;
            _inFlight++;
            ForgetOldGrants();
            _recent.Enqueue(Now);
        }

        if (consumer!.Waiting.Count > 0)
            _turns.Enqueue(consumer, (_pass + (1d / consumer.Consumer.Priority), _order++));
        else
            _consumers.Remove(consumer.Consumer.Name);
    }

    private TimeSpan UntilNextToken()
    {
        var pause = Math.Max(0, (_pausedUntil - Now).TotalMilliseconds);
        var refill = Math.Max(0, 1 - _tokens) / _rate * 1000;

        // Timers count in whole milliseconds: round up, or a timer that fires early spins.
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(pause + refill)));
    }

    private void Refill()
    {
        var now = Now;

        // A pause adds nothing: after it the queue starts at the rate, not with a burst.
        var seconds = Math.Max(0, (now - (_pausedUntil > _refilledAt ? _pausedUntil : _refilledAt)).TotalSeconds);
        _refilledAt = now;
        _tokens = Math.Min(_burst, _tokens + (seconds * _rate));
        _rate = Math.Min(_configuredRate, _rate + (seconds * RecoveryPerSecond * _configuredRate));
    }

    private void ForgetOldGrants()
    {
        var oldest = Now - UsageWindow;
        while (_recent.TryPeek(out var grant) && grant <= oldest)
            _recent.Dequeue();
    }
}
