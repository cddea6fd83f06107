using CoupaGateway.Coupa.Budgets;

namespace CoupaGateway.Coupa.Testing;

/// <summary>
/// Lets a connection test use a tenth of what a host's request budget gives in a minute, so that it does not disturb the loads: one request for every ten
/// while it runs, and the rest of the tenth at once at its beginning.
/// </summary>
internal sealed class TenthOfBudget(IRequestBudget whole, double requestsPerSecond, int burst, TimeProvider time) : IRequestBudget
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(10 / requestsPerSecond);

    /// <summary>One less than the tenth has room for, because the test's last moment may see one leave.</summary>
    private readonly int _atOnce = Math.Max(
        1, (int)((burst + (requestsPerSecond * (TimeSpan.FromMinutes(1) - ConnectionTester.Longest).TotalSeconds)) / 10) - 1);

    private readonly long _begun = time.GetTimestamp();

    /// <summary>When the next request may leave, were none to come at once; counted from the beginning.</summary>
    private TimeSpan _next = TimeSpan.MinValue;

    public BudgetUsage Usage => whole.Usage;

    public async ValueTask<IDisposable> AcquireAsync(BudgetConsumer consumer, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        return await whole.AcquireAsync(consumer, cancellationToken);
    }

    /// <summary>Waits for the turn of a request, without taking it from the whole budget.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        // A test sends one request after the other: nothing here is shared.
        var now = time.GetElapsedTime(_begun);
        var earliest = now - (_interval * (_atOnce - 1));
        _next = _next < earliest ? earliest : _next;
        if (_next > now)
            await Task.Delay(_next - now, time, cancellationToken);
        _next += _interval;
    }

    public void ReportThrottled(TimeSpan? retryAfter) => whole.ReportThrottled(retryAfter);
}
