namespace CoupaGateway.Sandbox.Tenants;

/// <summary>Ids of children that are numbered through all parents: sixteen numbers for each parent, as many taken as it has children.</summary>
internal sealed class PatternKeys(Pattern pattern, long start) : IKeySpace
{
    private const int Stride = 16;

    public long Count => pattern.Total;

    public Pattern Pattern => pattern;

    /// <summary>The first id that no parent can reach.</summary>
    public long End => start + (pattern.Parents * Stride);

    public long IdOf(long parent, int position) => start + (parent * Stride) + position;

    public long IdAt(long rank)
    {
        var (parent, position) = pattern.Locate(rank);
        return IdOf(parent, position);
    }

    public long RankOf(long id)
    {
        if (id <= start)
            return 0;
        var parent = (id - start) / Stride;
        return parent >= pattern.Parents
            ? Count
            : pattern.Before(parent) + Math.Min((id - start) % Stride, pattern.CountOf(parent));
    }
}
