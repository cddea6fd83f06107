namespace CoupaGateway.Sandbox.Access;

/// <summary>A token bucket: <see cref="Rate"/> requests a second, <see cref="Burst"/> at once.</summary>
internal sealed class RequestBudget(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _tokens = double.MaxValue;
    private long _filled = clock.GetTimestamp();

    /// <summary>Requests a second; 0 lets all through.</summary>
    public double Rate { get; set; }

    public int Burst { get; set; } = 1;

    /// <summary>Takes a request out of the bucket, or tells how long to wait for one.</summary>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_gate)
        {
            wait = TimeSpan.Zero;
            var now = clock.GetTimestamp();
            var elapsed = clock.GetElapsedTime(_filled, now).TotalSeconds;
            _filled = now;
            if (Rate <= 0)
                return true;
            _tokens = Math.Min(Burst, _tokens + (elapsed * Rate));
            if (_tokens >= 1)
            {
                _tokens--;
                return true;
            }

            wait = TimeSpan.FromSeconds((1 - _tokens) / Rate);
            return false;
        }
    }
}
