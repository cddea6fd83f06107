namespace CoupaGateway.Sandbox.Tenants;

/// <summary>Order revisions carry their order's id, so several records in a row share one; their key is the id of their revision record.</summary>
internal sealed class RevisionKeys(Pattern pattern, IKeySpace orders) : IKeySpace
{
    private const long First = 9_001;
    private const int Stride = 8;

    public long Count => pattern.Total;

    public long IdAt(long rank) => orders.IdAt(pattern.Locate(rank).Parent);

    public long RankOf(long id) => pattern.Before(orders.RankOf(id));

    public long KeyAt(long rank)
    {
        var (order, number) = pattern.Locate(rank);
        return KeyOf(order, number);
    }

    public long RankOfKey(long key)
    {
        var (order, number) = ((key - First) / Stride, (int)((key - First) % Stride));
        return key >= First && order < pattern.Parents && number < pattern.CountOf(order) ? pattern.Before(order) + number : -1;
    }

    /// <summary>The id of the revision record.</summary>
    /// <param name="order">Index of the order.</param>
    public static long KeyOf(long order, int number) => First + (order * Stride) + number;
}
