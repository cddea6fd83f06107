namespace CoupaGateway.Snapshots.Memory;

/// <summary>Work for the time when nothing has been going on for a while, done once each time it comes to that.</summary>
/// <remarks>The timer is not moved with each piece of what goes on: it looks back when it fires.</remarks>
internal sealed class IdleWork : IDisposable
{
    private readonly TimeSpan _pause;
    private readonly Action _work;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private int _going;
    private long _last;
    private bool _isDue;

    public IdleWork(TimeSpan pause, Action work, TimeProvider time)
    {
        (_pause, _work, _time) = (pause, work, time);
        _timer = time.CreateTimer(static idle => ((IdleWork)idle!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something begins; <see cref="End"/> says when it is over.</summary>
    public void Begin()
    {
        lock (_lock)
            _going++;
    }

    public void End()
    {
        lock (_lock)
        {
            _going--;
            _last = _time.GetTimestamp();
            if (_isDue)
                return;
            _isDue = true;
            _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            // What goes on now starts the timer when it ends.
            _isDue = false;
            if (_going > 0)
                return;

            var left = _pause - _time.GetElapsedTime(_last);
            if (left > TimeSpan.Zero)
            {
                _isDue = true;
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        _work();
    }
}
