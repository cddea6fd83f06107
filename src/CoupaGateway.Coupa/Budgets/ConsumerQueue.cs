namespace CoupaGateway.Coupa.Budgets;

/// <summary>The callers that wait on behalf of one table, first come, first served.</summary>
internal sealed record ConsumerQueue(BudgetConsumer Consumer)
{
    public Queue<TaskCompletionSource> Waiting { get; } = new();
}
