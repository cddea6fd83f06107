using System.Collections.Concurrent;

namespace CoupaGateway.Coupa.Clocks;

/// <summary>Keeps the last reading of each instance's clock and moves it on by the monotonic time since, so that a jump of this machine's clock shows at once.</summary>
public sealed class InstanceClocks(TimeProvider time) : IInstanceClocks
{
    /// <summary>Clocks that differ by no more are taken for the same: windows of time overlap by more than that.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An answer that was just received said this.</summary>
    internal void Note(Uri instance, DateTimeOffset date) => _readings[instance.Authority] = new Reading(instance.Host, date, time.GetTimestamp());

    public DateTimeOffset? Now(Uri instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return _readings.TryGetValue(instance.Authority, out var reading) ? Now(reading) : null;
    }

    public IReadOnlyDictionary<string, TimeSpan> FindDifferent()
    {
        var now = time.GetUtcNow();
        var different = new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var reading in _readings.Values)
        {
            var ahead = now - Now(reading);
            if (ahead.Duration() > Tolerance)
                different[reading.Host] = ahead;
        }

        return different;
    }

    private DateTimeOffset Now(Reading reading) => reading.Date + time.GetElapsedTime(reading.At);

    private sealed record Reading(string Host, DateTimeOffset Date, long At);
}
