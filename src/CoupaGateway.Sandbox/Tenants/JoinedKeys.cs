namespace CoupaGateway.Sandbox.Tenants;

/// <summary>Two key spaces, the ids of the second all above those of the first.</summary>
internal sealed class JoinedKeys(IKeySpace first, IKeySpace second) : IKeySpace
{
    public long Count => first.Count + second.Count;

    public long IdAt(long rank) => rank < first.Count ? first.IdAt(rank) : second.IdAt(rank - first.Count);

    public long RankOf(long id) => first.RankOf(id) + second.RankOf(id);
}
