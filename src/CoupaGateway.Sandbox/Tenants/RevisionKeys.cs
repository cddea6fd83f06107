namespace CoupaGateway.Sandbox.Tenants;

/// <summary>Order revisions carry their order's id, so several records in a row share one.</summary>
internal sealed class RevisionKeys(Pattern pattern, IKeySpace orders) : IKeySpace
{
    public long Count => pattern.Total;

    public long IdAt(long rank) => orders.IdAt(pattern.Locate(rank).Parent);

    public long RankOf(long id) => pattern.Before(orders.RankOf(id));
}
