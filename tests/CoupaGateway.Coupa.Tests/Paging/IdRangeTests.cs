using CoupaGateway.Coupa.Paging;

namespace CoupaGateway.Coupa.Tests.Paging;

public sealed class IdRangeTests
{
    [Fact]
    public void The_width_counts_both_ends_and_does_not_overflow()
    {
        Assert.Equal(2, new IdRange(5, 6).Width);
        Assert.Equal(0, new IdRange(5, 4).Width);
        Assert.Equal(long.MaxValue, new IdRange(long.MinValue, long.MaxValue).Width);
    }
}
