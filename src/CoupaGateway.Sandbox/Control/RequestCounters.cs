using System.Collections.Concurrent;

namespace CoupaGateway.Sandbox.Control;

/// <summary>Counts what was asked of the sandbox.</summary>
internal sealed class RequestCounters(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Path, int Status), long> _counts = new();
    private readonly Queue<long> _lastSecond = new();
    private readonly Lock _gate = new();

    /// <summary>Most requests within any one second.</summary>
    public int PeakPerSecond { get; private set; }

    public IReadOnlyDictionary<(string Path, int Status), long> Counts => _counts;

    public void Arrived()
    {
        var now = clock.GetTimestamp();
        lock (_gate)
        {
            _lastSecond.Enqueue(now);
            while (clock.GetElapsedTime(_lastSecond.Peek(), now) >= TimeSpan.FromSeconds(1))
                _lastSecond.Dequeue();
            PeakPerSecond = Math.Max(PeakPerSecond, _lastSecond.Count);
        }
    }

    public void Answered(string path, int status) => _counts.AddOrUpdate((path, status), 1, (_, count) => count + 1);

    public void Clear()
    {
        _counts.Clear();
        lock (_gate)
        {
            _lastSecond.Clear();
            PeakPerSecond = 0;
        }
    }
}
