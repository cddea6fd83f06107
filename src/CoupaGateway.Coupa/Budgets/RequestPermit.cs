namespace CoupaGateway.Coupa.Budgets;

/// <summary>Leave to send one request. Disposing it twice counts once.</summary>
internal sealed class RequestPermit(TokenBucketBudget budget) : IDisposable
{
    private TokenBucketBudget? _budget = budget;

    public void Dispose() => Interlocked.Exchange(ref _budget, null)?.Release();
}
