using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace CoupaGateway.Access.Limits;

/// <summary>Counts the requests of each key that has limits.</summary>
internal sealed class CallerLimiter : IDisposable
{
    private static readonly TimeSpan ConcurrencyRetry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Takes a turn for the caller.</summary>
    /// <param name="turn">Give it back when the request is over; null when the caller has no limits or was refused.</param>
    /// <param name="retryAfter">When to come again, if refused.</param>
    /// <returns>False when the caller has used up what it may.</returns>
    public bool TryTake(Caller caller, out IDisposable? turn, out TimeSpan retryAfter)
    {
        (turn, retryAfter) = (null, TimeSpan.Zero);
        return EntryOf(caller)?.TryTake(out turn, out retryAfter) ?? true;
    }

    /// <summary>Counts one more request of a caller that has its turn: one of several in a batch.</summary>
    /// <param name="retryAfter">When to come again, if refused.</param>
    /// <returns>False when the caller has used up what it may.</returns>
    public bool TryCount(Caller caller, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return EntryOf(caller)?.TryCount(out retryAfter) ?? true;
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
            entry.Dispose();
    }

    /// <summary>Null for a caller without limits.</summary>
    private Entry? EntryOf(Caller caller) =>
        caller is not { KeyId: { } id, Limits: { } limits } || (limits.RequestsPerSecond is null && limits.ConcurrentRequests is null)
            ? null
            : _entries.AddOrUpdate(
                id,
                static (_, limits) => new Entry(limits),
                static (_, known, limits) => known.Limits == limits ? known : new Entry(limits), // one that is replaced ends with its last request
                limits);

    private sealed class Entry(KeyLimits limits) : IDisposable
    {
        private readonly TokenBucketRateLimiter? _rate = limits.RequestsPerSecond is { } rate ? new(Bucket(rate)) : null;

        private readonly ConcurrencyLimiter? _concurrency = limits.ConcurrentRequests is { } most
            ? new(new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = 0 })
            : null;

        public KeyLimits Limits { get; } = limits;

        public bool TryTake(out IDisposable? turn, out TimeSpan retryAfter)
        {
            (turn, retryAfter) = (null, TimeSpan.Zero);
            if (_concurrency?.AttemptAcquire() is { } place)
            {
                if (!place.IsAcquired)
                {
                    place.Dispose();
                    retryAfter = ConcurrencyRetry;
                    return false;
                }

                turn = place;
            }

            if (TryCount(out retryAfter))
                return true;

            turn?.Dispose();
            turn = null;
            return false;
        }

        public bool TryCount(out TimeSpan retryAfter)
        {
            retryAfter = TimeSpan.Zero;
            if (_rate is null)
                return true;

            using var lease = _rate.AttemptAcquire();
            if (!lease.IsAcquired)
                retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : _rate.ReplenishmentPeriod;
            return lease.IsAcquired;
        }

        public void Dispose()
        {
            _rate?.Dispose();
            _concurrency?.Dispose();
        }

        /// <summary>Less than one request a second is one request every some seconds.</summary>
        private static TokenBucketRateLimiterOptions Bucket(double rate)
        {
            var tokens = Math.Max(1, (int)Math.Round(rate));
            return new TokenBucketRateLimiterOptions
            {
                TokenLimit = tokens,
                TokensPerPeriod = tokens,
                ReplenishmentPeriod = TimeSpan.FromSeconds(tokens / rate),
                QueueLimit = 0,
            };
        }
    }
}
