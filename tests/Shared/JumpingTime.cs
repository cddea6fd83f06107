namespace CoupaGateway.Tests.Shared;

/// <summary>A machine whose clock is set: the time of day jumps, timers and the monotonic clock go on.</summary>
internal sealed class JumpingTime(TimeProvider inner) : TimeProvider
{
    /// <summary>How far the clock is ahead of the right time.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Ahead;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
}
