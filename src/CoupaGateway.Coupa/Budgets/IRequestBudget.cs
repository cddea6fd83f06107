namespace CoupaGateway.Coupa.Budgets;

/// <summary>
/// Who may send a request to one Coupa host, and when. Shared by everything in the process that reads from the host;
/// a budget shared by several processes (in Redis) can take its place behind this interface.
/// </summary>
public interface IRequestBudget
{
    /// <summary>What is used and what is allowed at the moment, for progress displays.</summary>
    BudgetUsage Usage { get; }

    /// <summary>
    /// Waits until one request may be sent. The consumers (tables) that wait take turns by their priority, so that a large load does not starve small ones.
    /// </summary>
    /// <param name="consumer">On whose behalf.</param>
    /// <returns>The permit for one request; dispose it when the answer is read, for it also holds one of the concurrent requests.</returns>
    ValueTask<IDisposable> AcquireAsync(BudgetConsumer consumer, CancellationToken cancellationToken);

    /// <summary>Coupa answered 429: everybody slows down, and stops for as long as Coupa asks.</summary>
    void ReportThrottled(TimeSpan? retryAfter);
}
