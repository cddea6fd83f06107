using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>Measures how long commands take: the client keeps the times of those that were sent, here they are collected once a second.</summary>
internal sealed class CommandTimes : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ProfilingSession _session = new();
    private readonly ITimer _timer;

    public CommandTimes(IConnectionMultiplexer multiplexer, TimeProvider time)
    {
        multiplexer.RegisterProfiler(() => CacheMetrics.TimesCommands ? _session : null);
        _timer = time.CreateTimer(static state => ((CommandTimes)state!).Collect(), this, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        foreach (var command in _session.FinishProfiling())
            CacheMetrics.Command(command.Command, command.ElapsedTime);
    }
}
