using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa.Budgets;

/// <summary>The budget of a host over all processes. Registered, it is what every request waits for in the end; each process has its own queue before it.</summary>
public interface ISharedBucket
{
    /// <summary>Waits until one request may be sent to the tenant's host. Callers are served in the order in which they come.</summary>
    /// <param name="burst">Requests that may come at once.</param>
    ValueTask TakeAsync(CoupaTenant tenant, int burst, CancellationToken cancellationToken);

    /// <summary>The host is slower than it was, or said 429: all processes slow down, and stop for as long as it asks.</summary>
    void SlowDown(CoupaTenant tenant, int burst, TimeSpan? pause);

    /// <summary>Requests a second that were allowed last; null as long as nothing was asked for.</summary>
    double? FindRate(CoupaTenant tenant);
}
