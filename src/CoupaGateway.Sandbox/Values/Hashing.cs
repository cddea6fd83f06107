namespace CoupaGateway.Sandbox.Values;

/// <summary>The only source of chance: everything made up is a function of the tenant's seed and of names and ids.</summary>
internal static class Hashing
{
    /// <summary>Mixes two numbers into one with all bits stirred (the finalizer of SplitMix64).</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        var x = a + (b * 0x9E3779B97F4A7C15UL) + 0x632BE59BD9B4E019UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    public static ulong Mix(ulong a, ulong b, ulong c) => Mix(Mix(a, b), c);

    /// <summary>A number from zero to <paramref name="bound"/> - 1.</summary>
    public static long Below(ulong hash, long bound) => (long)Math.BigMul(hash, (ulong)bound, out _);

    /// <summary>A stable hash of a name (FNV-1a), the same in every process.</summary>
    public static ulong Of(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in name)
            hash = (hash ^ c) * 0x100000001B3UL;
        return Mix(hash, 1);
    }
}
