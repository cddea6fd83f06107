using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>The clock of the machine is set while it loads, or was wrong for a while: nothing is lost, neither of the tables nor by readers that follow.</summary>
public sealed class ClockJumpTests : OrdersTests
{
    private const int Day = 24 * 60;

    /// <summary>The windows are drawn by the tenant's clock, so the pause after the clock was set right may be of any length.</summary>
    [Theory]
    [InlineData(Day)]
    [InlineData(-Day)]
    [InlineData(400 * Day)]
    [InlineData(-400 * Day)]
    [InlineData(3)]
    public async Task By_a_clock_that_is_wrong_and_then_right_deltas_bring_every_change(int minutesAhead)
    {
        Tenant.Clock = Time.GetUtcNow;
        var follower = new Follower(this);
        Put(Enumerable.Range(1, 60));
        Clock.Ahead = TimeSpan.FromMinutes(minutesAhead);
        await RunAsync(LoadMode.Full);
        follower.Follow();
        Assert.Equal(Time.GetUtcNow(), Store.Find("test", "orders")!.Watermark);

        await ChangeAsync(follower, "while it is wrong", TimeSpan.FromMinutes(15));
        Clock.Ahead = TimeSpan.Zero;
        await ChangeAsync(follower, "when it is right", TimeSpan.FromHours(10));
        Clock.Ahead = TimeSpan.FromMinutes(-minutesAhead);
        await ChangeAsync(follower, "wrong the other way", TimeSpan.FromMinutes(15));
        Clock.Ahead = TimeSpan.Zero;
        await ChangeAsync(follower, "right again", TimeSpan.FromHours(10));
    }

    [Theory]
    [InlineData(Day)]
    [InlineData(-Day)]
    public async Task A_clock_that_is_set_in_the_middle_of_a_load_loses_nothing(int minutes)
    {
        Tenant.Clock = Time.GetUtcNow;
        var follower = new Follower(this);
        Put(Enumerable.Range(1, 200));
        foreach (var mode in new[] { LoadMode.Full, LoadMode.Delta, LoadMode.Reconcile, LoadMode.Full, LoadMode.Delta })
        {
            var first = Tenant.Pages;
            Tenant.OnPage = page =>
            {
                if (page == first + 3)
                    Clock.Ahead = Clock.Ahead == TimeSpan.Zero ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;
            };
            await RunAsync(mode);
            follower.Follow();
            Tenant.OnPage = null;
            Time.Advance(TimeSpan.FromMinutes(20));
            Put(Enumerable.Range(1, 150), $"after {mode}");
            Tenant.Records.Remove(Tenant.Records.Keys.Last());
        }

        await RunAsync(LoadMode.Delta);
        await RunAsync(LoadMode.Reconcile);
        AssertEqualsTenant();
        follower.Follow();
        follower.AssertEqualsTables();
    }

    [Fact]
    public async Task A_process_that_ends_while_the_clock_is_wrong_leaves_a_checkpoint_that_is_good_when_it_is_right()
    {
        Tenant.Clock = Time.GetUtcNow;
        Put(Enumerable.Range(1, 400));
        Clock.Ahead = TimeSpan.FromDays(1);
        Tenant.OnPage = page => Fail(page == 30);
        await RunAsync(LoadMode.Full, fails: true);
        Tenant.OnPage = null;
        Clock.Ahead = TimeSpan.Zero;
        Time.Advance(TimeSpan.FromMinutes(90));
        Put([7], "changed meanwhile");

        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromHours(5));
        await RunAsync(LoadMode.Delta);

        AssertEqualsTenant();
    }

    /// <summary>Then nobody can know since when the clock was ahead: what the wide delta covers is read again.</summary>
    [Fact]
    public async Task A_watermark_that_is_still_to_come_makes_a_wide_delta_where_the_source_tells_no_time()
    {
        Put(Enumerable.Range(1, 60));
        Clock.Ahead = TimeSpan.FromDays(1);
        await RunAsync(LoadMode.Full);
        Assert.Equal(Clock.GetUtcNow(), Store.Find("test", "orders")!.Watermark);
        Clock.Ahead = TimeSpan.Zero;
        Time.Advance(TimeSpan.FromMinutes(5));
        Put([1], "soon after");
        Time.Advance(TimeSpan.FromHours(10));

        await RunAsync(LoadMode.Delta);

        AssertEqualsTenant();
        Assert.Equal(Time.GetUtcNow(), Store.Find("test", "orders")!.Watermark);
        var reads = Tenant.Pages;
        Time.Advance(TimeSpan.FromHours(2));
        await RunAsync(LoadMode.Delta);
        Assert.Equal(reads, Tenant.Pages);
    }

    [Fact]
    public async Task Deletions_that_were_dropped_by_a_clock_that_was_ahead_are_told_to_be_unknown()
    {
        Put(Enumerable.Range(1, 10));
        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromHours(1));
        Tenant.Records.Remove(1);
        await RunAsync(LoadMode.Reconcile);
        var known = Store.Find("test", SystemTables.DeletedRecords.Name)!;
        Assert.Null(known.CompleteSince);

        Clock.Ahead = TimeSpan.FromDays(31);
        Tenant.Records.Remove(2);
        await RunAsync(LoadMode.Reconcile);
        Clock.Ahead = TimeSpan.Zero;
        Tenant.Records.Remove(3);
        await RunAsync(LoadMode.Reconcile);

        var left = Store.Find("test", SystemTables.DeletedRecords.Name)!;
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(known.Chunks[^1].MaxKey), left.CompleteSince);
        Assert.Equal(["""orders|{"id":2}""", """orders|{"id":3}"""], Deleted().Where(static row => row.StartsWith("orders", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deletions_are_not_dropped_by_a_clock_that_is_known_to_be_ahead()
    {
        Put(Enumerable.Range(1, 10));
        await RunAsync(LoadMode.Full);
        Tenant.Records.Remove(1);
        await RunAsync(LoadMode.Reconcile);

        Clock.Ahead = Clocks.Ahead = TimeSpan.FromDays(400);
        Tenant.Records.Remove(2);
        await RunAsync(LoadMode.Reconcile);
        Clock.Ahead = Clocks.Ahead = TimeSpan.Zero;
        Tenant.Records.Remove(3);
        await RunAsync(LoadMode.Reconcile);

        Assert.Null(Store.Find("test", SystemTables.DeletedRecords.Name)!.CompleteSince);
        Assert.Equal(
            ["""orders|{"id":1}""", """orders|{"id":2}""", """orders|{"id":3}"""],
            Deleted().Where(static row => row.StartsWith("orders", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <summary>Changes, creates and deletes, lets time pass, and loads; then tables, tenant and reader are the same.</summary>
    private async Task ChangeAsync(Follower follower, string text, TimeSpan pause)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        Put([1, 30], text);
        Put([(int)Tenant.Records.Keys.Last() + 1], text);
        Time.Advance(pause);
        await RunAsync(LoadMode.Delta);
        AssertEqualsTenant();
        Tenant.Records.Remove(Tenant.Records.Keys.First(static id => id > 30));
        await RunAsync(LoadMode.Reconcile);
        AssertEqualsTenant();
        follower.Follow();
        follower.AssertEqualsTables();
    }
}
