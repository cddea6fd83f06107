using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>Ids that rise with gaps: one of every three numbers is taken.</summary>
internal sealed class GappedKeys(long count, long start, ulong seed) : IKeySpace
{
    private const int Stride = 3;

    public long Count => count;

    public long IdAt(long rank) => start + (rank * Stride) + Hashing.Below(Hashing.Mix(seed, (ulong)rank), Stride);

    public long RankOf(long id)
    {
        if (id <= start)
            return 0;
        var rank = (id - start) / Stride;
        if (rank >= count)
            return count;
        return IdAt(rank) < id ? rank + 1 : rank;
    }
}
