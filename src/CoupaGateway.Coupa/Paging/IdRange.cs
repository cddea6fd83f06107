using System.Runtime.InteropServices;

namespace CoupaGateway.Coupa.Paging;

/// <summary>Ids from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IdRange(long First, long Last)
{
    /// <summary>How many ids the range spans; how many of them exist is not known. Saturates at <see cref="long.MaxValue"/>.</summary>
    public long Width => Last < First ? 0 : (Int128)Last - First + 1 is var width && width > long.MaxValue ? long.MaxValue : (long)width;

    /// <summary>
    /// Cuts the range into at most <paramref name="parts"/> ranges of equal width that touch each other and cover it. Ids have gaps and cluster, so equal width is
    /// not equal work: let <see cref="IdRangePool"/> share them out.
    /// </summary>
    public IReadOnlyList<IdRange> Split(int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        if (Last < First)
            return [];

        var width = (Int128)Last - First + 1;
        var count = (int)Int128.Min(parts, width);
        var ranges = new IdRange[count];
        for (var i = 0; i < count; i++)
            ranges[i] = new IdRange((long)(First + (width * i / count)), (long)(First + (width * (i + 1) / count) - 1));
        return ranges;
    }
}
