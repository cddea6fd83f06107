using CoupaGateway.Snapshots.Buckets;

namespace CoupaGateway.Snapshots.Tests.Buckets;

public sealed class BucketStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly BucketLimits Limits = new(25, 20);

    [Fact]
    public void A_new_bucket_is_nearly_empty_and_fills_at_the_rate_up_to_the_burst()
    {
        var state = BucketState.New(Limits, Start);

        Assert.Equal(1, state.Take(5).Answer.Granted);
        Assert.Equal(11, state.Fill(Limits, Start.AddMilliseconds(400)).Take(50).Answer.Granted);
        Assert.Equal(20, state.Fill(Limits, Start.AddHours(1)).Take(50).Answer.Granted);
    }

    [Fact]
    public void It_tells_when_the_next_token_is_there()
    {
        var (empty, answer) = BucketState.New(Limits, Start).Take(2);

        Assert.Equal((1, TimeSpan.FromMilliseconds(40)), (answer.Granted, answer.Wait));
        Assert.Equal(0, empty.Fill(Limits, Start.AddMilliseconds(39)).Take(1).Answer.Granted);
        Assert.Equal(1, empty.Fill(Limits, Start.AddMilliseconds(40)).Take(1).Answer.Granted);
    }

    [Fact]
    public void Slowing_down_cuts_the_rate_once_a_second_and_it_recovers()
    {
        var state = BucketState.New(Limits, Start).SlowDown(null);
        Assert.Equal(18.75, state.Rate);
        state = state.Fill(Limits, Start.AddMilliseconds(500)).SlowDown(null);
        Assert.InRange(state.Rate, 18.75, 19);
        state = state.Fill(Limits, Start.AddMilliseconds(1500)).SlowDown(null);
        Assert.InRange(state.Rate, 14, 15);
        for (var i = 0; i < 100; i++)
            state = state.Fill(Limits, state.At.AddSeconds(1)).SlowDown(null);

        Assert.InRange(state.Rate, 0.5, 1.5);
        Assert.Equal(25, state.Fill(Limits, state.At.AddSeconds(100)).Rate);
    }

    [Fact]
    public void A_pause_gives_and_adds_nothing()
    {
        var state = BucketState.New(Limits, Start).SlowDown(TimeSpan.FromSeconds(30));

        var (_, during) = state.Fill(Limits, Start.AddSeconds(29)).Take(1);
        Assert.Equal(0, during.Granted);
        Assert.InRange(during.Wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1));
        Assert.Equal(0, state.Fill(Limits, Start.AddSeconds(30)).Take(5).Answer.Granted);
        Assert.Equal(5, state.Fill(Limits, Start.AddSeconds(31)).Take(5).Answer.Granted);
    }

    [Fact]
    public void A_clock_that_goes_back_adds_nothing_and_other_limits_hold_at_once()
    {
        var (state, _) = BucketState.New(Limits, Start).Take(1);

        Assert.Equal(0, state.Fill(Limits, Start.AddHours(-1)).Take(1).Answer.Granted);
        Assert.Equal(2, state.Fill(new BucketLimits(2, 5), Start.AddMinutes(10)).Rate);
        Assert.Equal(5, state.Fill(new BucketLimits(2, 5), Start.AddMinutes(10)).Take(9).Answer.Granted);
    }

    [Fact]
    public void A_pause_lasts_no_longer_and_signals_count_on_when_the_clock_goes_back()
    {
        var state = BucketState.New(Limits, Start).SlowDown(TimeSpan.FromSeconds(30)).Fill(Limits, Start.AddSeconds(10));

        var back = state.Fill(Limits, Start.AddDays(-1));

        Assert.InRange(back.Take(1).Answer.Wait, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.1));
        Assert.True(back.SlowDown(null).Rate < back.Rate);
        Assert.Equal(5, back.Fill(Limits, Start.AddDays(-1).AddSeconds(21)).Take(5).Answer.Granted);
        Assert.Equal(back.Rate, BucketState.New(Limits, Start).SlowDown(null).Fill(Limits, Start.AddDays(-1)).SlowDown(null).Rate);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1;2;3;4")]
    [InlineData("1;x;3;4;5")]
    [InlineData("1;-5;3;4;5")]
    public void What_is_no_bucket_is_read_as_none(string? text) => Assert.Null(BucketState.Read(text));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var state = BucketState.New(Limits, Start).Take(1).Next.Fill(Limits, Start.AddMilliseconds(33)).SlowDown(TimeSpan.FromSeconds(2));

        Assert.Equal(state, BucketState.Read(state.ToString()));
    }
}
