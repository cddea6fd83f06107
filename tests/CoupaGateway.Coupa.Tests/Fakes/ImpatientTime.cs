using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>
/// A clock that jumps over waits: whoever sets a timer shorter than the limit has it fire at once, with the clock moved on by just that much.
/// Longer timers (the timeouts) fire when a test moves the clock.
/// </summary>
internal sealed class ImpatientTime(TimeSpan limit) : FakeTimeProvider(new DateTimeOffset(2026, 4, 1, 12, 0, 0, TimeSpan.Zero))
{
    private TimeSpan Limit { get; } = limit;

    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public ConcurrentQueue<TimeSpan> Timeouts { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ImpatientTime time, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = inner.Change(dueTime, period);
            if (dueTime < TimeSpan.Zero)
                return changed;

            if (dueTime >= time.Limit)
            {
                time.Timeouts.Enqueue(dueTime);
            }
            else
            {
                time.Waits.Enqueue(dueTime);
                _ = Task.Run(() => time.Advance(dueTime));
            }

            return changed;
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
