using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Access.Limits;

/// <summary>
/// Slows sources whose logins fail: the first few cost nothing, each further one waits twice as long. A right key from the same source never waits.
/// </summary>
internal sealed class FailedLogins(IOptions<AccessOptions> options, TimeProvider time)
{
    private const int MostSources = 10_000;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(4);

    /// <summary>One failure is forgiven in this time.</summary>
    private static readonly TimeSpan Forgiveness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<IPAddress, Source> _sources = new();

    /// <summary>Counts a failed login.</summary>
    /// <returns>How many there were lately, how long to wait before saying so, and whether so many of the source wait already that this one may not.</returns>
    public (int Failures, TimeSpan Delay, bool TooMany) Count(IPAddress? address)
    {
        var source = _sources.GetOrAdd(Group(address), static _ => new Source());
        if (_sources.Count > MostSources)
            Forget();

        lock (source)
        {
            var failures = source.Failures - (time.GetElapsedTime(source.At) / Forgiveness);
            source.Failures = Math.Max(0, failures) + 1;
            source.At = time.GetTimestamp();
            var beyond = source.Failures - options.Value.FailuresBeforeSlowing;
            var delay = beyond <= 0 ? TimeSpan.Zero : FirstDelay * Math.Pow(2, Math.Min(beyond - 1, 10));
            return ((int)Math.Ceiling(source.Failures), delay > LongestDelay ? LongestDelay : delay, delay > TimeSpan.Zero && source.Waiting >= options.Value.FailuresAtOnce);
        }
    }

    /// <summary>Waits as long as <see cref="Count"/> said.</summary>
    public async Task WaitAsync(IPAddress? address, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay == TimeSpan.Zero || !_sources.TryGetValue(Group(address), out var source))
            return;

        Interlocked.Increment(ref source.Waiting);
        try
        {
            await Task.Delay(delay, time, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref source.Waiting);
        }
    }

    /// <summary>An IPv6 subscriber has 2^64 addresses: they count as one.</summary>
    private static IPAddress Group(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            return address;

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private void Forget()
    {
        foreach (var (address, source) in _sources.OrderBy(static pair => pair.Value.At).Take(MostSources / 10))
        {
            if (source.Waiting == 0 || time.GetElapsedTime(source.At) > LongestDelay)
                _sources.TryRemove(address, out _);
        }
    }

    private sealed class Source
    {
        public int Waiting;

        public double Failures { get; set; }

        /// <summary>Timestamp of the last one.</summary>
        public long At { get; set; }
    }
}
