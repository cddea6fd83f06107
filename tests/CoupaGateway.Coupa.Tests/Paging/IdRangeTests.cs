using CoupaGateway.Coupa.Paging;
using CsCheck;

namespace CoupaGateway.Coupa.Tests.Paging;

public sealed class IdRangeTests
{
    [Fact]
    public void Parts_touch_cover_the_range_and_differ_by_one_id_at_most() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Int[1, 40]).Sample((a, b, parts) =>
        {
            var range = new IdRange(Math.Min(a, b), Math.Max(a, b));
            var split = range.Split(parts);
            var touching = split.Zip(split.Skip(1)).All(static pair => pair.First.Last + 1 == pair.Second.First);
            var widths = split.Select(static part => (Int128)part.Last - part.First + 1).ToList();
            return touching && split[0].First == range.First && split[^1].Last == range.Last && widths.Max() - widths.Min() <= 1 && split.Count <= parts;
        });

    [Fact]
    public void A_range_narrower_than_the_parts_makes_fewer_parts()
    {
        Assert.Equal([new IdRange(5, 5), new IdRange(6, 6)], new IdRange(5, 6).Split(8));
        Assert.Empty(new IdRange(5, 4).Split(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdRange(1, 2).Split(0));
        Assert.Equal(long.MaxValue, new IdRange(long.MinValue, long.MaxValue).Width);
    }

    [Fact]
    public async Task A_range_that_is_given_up_goes_to_another_reader_from_where_it_was_left()
    {
        var pool = new IdRangePool(new IdRange(1, 100), 1);
        var first = (await pool.TakeAsync(CancellationToken.None))!;
        var second = pool.TakeAsync(CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);

        first.Advance(40);
        first.Dispose();
        var lease = (await second)!;
        Assert.Equal(new IdRange(41, 100), lease.Range);

        lease.Finish();
        lease.Dispose();
        Assert.Null(await pool.TakeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_reader_with_most_left_gives_its_upper_half()
    {
        var pool = new IdRangePool([new IdRange(1, 1000), new IdRange(1001, 9000)]);
        var small = (await pool.TakeAsync(CancellationToken.None))!;
        var large = (await pool.TakeAsync(CancellationToken.None))!;
        var idle = pool.TakeAsync(CancellationToken.None).AsTask();

        small.Advance(10);
        Assert.False(idle.IsCompleted);
        large.Advance(2000);

        Assert.Equal(new IdRange(5501, 9000), (await idle)!.Range);
        Assert.Equal(new IdRange(1001, 5500), large.Range);
        Assert.Equal(new IdRange(1, 1000), small.Range);
    }

    [Fact]
    public async Task A_reader_that_stops_waiting_takes_no_range_with_it()
    {
        var pool = new IdRangePool(new IdRange(1, 100_000), 1);
        using var cancel = new CancellationTokenSource();
        var busy = (await pool.TakeAsync(CancellationToken.None))!;
        var gone = pool.TakeAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        busy.Advance(10);

        Assert.Equal(new IdRange(1, 100_000), busy.Range);
    }
}
