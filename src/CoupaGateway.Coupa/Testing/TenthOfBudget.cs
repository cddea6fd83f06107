using CoupaGateway.Coupa.Budgets;

namespace CoupaGateway.Coupa.Testing;

/// <summary>Lets a connection test use a tenth of a host's request budget, so that it does not disturb the loads: a few requests at once, then one for every ten.</summary>
internal sealed class TenthOfBudget(IRequestBudget whole, double requestsPerSecond, TimeProvider time) : IRequestBudget
{
    private const int AtOnce = 5;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(10 / requestsPerSecond);

    /// <summary>When the next request may leave, were none to come at once.</summary>
    private DateTimeOffset _next = DateTimeOffset.MinValue;

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
        var now = time.GetUtcNow();
        var earliest = now - (_interval * (AtOnce - 1));
        _next = _next < earliest ? earliest : _next;
        if (_next > now)
            await Task.Delay(_next - now, time, cancellationToken);
        _next += _interval;
    }

    public void ReportThrottled(TimeSpan? retryAfter) => whole.ReportThrottled(retryAfter);
}
