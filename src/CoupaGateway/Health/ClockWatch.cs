using CoupaGateway.Coupa.Clocks;

namespace CoupaGateway.Health;

/// <summary>Notices when the machine's clock is set, by what the monotonic one counts beside it. A machine that slept looks like one whose clock was put forward.</summary>
internal sealed class ClockWatch(IInstanceClocks instances, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    /// <summary>Less than this is not told: NTP does so.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly long _begun = time.GetTimestamp();
    private DateTimeOffset _origin = time.GetUtcNow();
    private (TimeSpan By, DateTimeOffset At)? _last;

    /// <summary>Whether the clock is another one than that of an instance.</summary>
    public bool IsDifferent => instances.FindDifferent().Count > 0;

    public ClockHealth Report()
    {
        Look();
        lock (_gate)
            return new ClockHealth(_last?.By.TotalSeconds, _last?.At, instances.FindDifferent().ToDictionary(static host => host.Key, static host => Math.Round(host.Value.TotalSeconds)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var origin = now - time.GetElapsedTime(_begun);
            var by = origin - _origin;
            if (by.Duration() < Least)
                return; // what creeps adds up, and is told once it is that much

            (_origin, _last) = (origin, (by, now));
            HealthLog.ClockSet(logger, by > TimeSpan.Zero ? "forward" : "back", by.Duration(), now);
        }
    }
}
