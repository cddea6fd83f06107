using System.Runtime.InteropServices;

namespace CoupaGateway.Coupa.Paging;

/// <summary>Ids from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IdRange(long First, long Last)
{
    /// <summary>How many ids the range spans; how many of them exist is not known. Saturates at <see cref="long.MaxValue"/>.</summary>
    public long Width => Last < First ? 0 : (Int128)Last - First + 1 is var width && width > long.MaxValue ? long.MaxValue : (long)width;
}
