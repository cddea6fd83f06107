using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>
/// How many children each parent has: a list of eight counts, turned by a hashed step for every block of eight parents, so that the
/// n-th child of all is found without counting.
/// </summary>
internal sealed class Pattern(long parents, int[] counts, ulong seed)
{
    private const int Block = 8;
    private readonly int _sum = counts.Sum();

    public long Parents => parents;

    public long Total => Before(parents);

    public int CountOf(long parent) => counts[(parent + Turn(parent / Block)) % Block];

    /// <summary>The number of children of all parents ahead of this one.</summary>
    public long Before(long parent)
    {
        var block = parent / Block;
        var total = block * _sum;
        for (var p = block * Block; p < parent; p++)
            total += CountOf(p);
        return total;
    }

    /// <summary>The parent and the position of the n-th child.</summary>
    public (long Parent, int Position) Locate(long n)
    {
        var parent = n / _sum * Block;
        var rest = (int)(n % _sum);
        while (rest >= CountOf(parent))
            rest -= CountOf(parent++);
        return (parent, rest);
    }

    private int Turn(long block) => (int)(Hashing.Mix(seed, (ulong)block) % Block);
}
