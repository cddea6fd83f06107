using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Loads that compare all that is there: full, reconcile, and records by their keys.</summary>
public sealed class FullLoadTests : OrdersTests
{
    [Fact]
    public async Task A_reconcile_removes_what_is_gone_and_reads_what_is_missing()
    {
        Put(Enumerable.Range(1, 130));
        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromDays(1));
        foreach (var id in new[] { 1, 60, 61, 130 })
            Tenant.Records.Remove(id);

        Put([500], "missed", at: Time.GetUtcNow().AddDays(-30));
        await RunAsync(LoadMode.Reconcile);

        AssertEqualsTenant();
        Assert.Equal(
            ["""lines|{"orders_id":1,"id":1}""", """lines|{"orders_id":1,"id":2}""", """orders|{"id":1}"""],
            Deleted().Where(static row => row.EndsWith("""|{"id":1}""", StringComparison.Ordinal) || row.StartsWith("""lines|{"orders_id":1,""", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(4 + 8 + 8, Deleted().Count);
        var watermark = Store.Find("test", "orders")!.Watermark;
        await RunAsync(LoadMode.Reconcile);
        Assert.Equal((2L, watermark), (Store.Find("test", "orders")!.Version, Store.Find("test", "orders")!.Watermark));
    }

    [Fact]
    public async Task A_full_load_again_keeps_the_time_of_rows_that_are_the_same_and_tells_what_is_gone()
    {
        Put(Enumerable.Range(1, 130));
        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromDays(1));
        Tenant.Records.Remove(20);
        Put([30], "other", lines: 2);
        await RunAsync(LoadMode.Full);

        AssertEqualsTenant();
        Assert.Single(Rows(Orders, "id", "_changed_at").Select(static row => row.Split('|')[1]).GroupBy(static at => at), static group => group.Count() == 1);
        Assert.Equal(5, Deleted().Count);
    }

    [Fact]
    public async Task Records_of_the_dead_letter_list_are_read_again_by_their_keys()
    {
        Put(Enumerable.Range(1, 20));
        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromDays(1));
        Put([4, 9], "mended", at: Time.GetUtcNow().AddDays(-20));

        using var bench = Bench();
        Assert.Equal(LoadOutcome.Succeeded, await bench.RunAsync(bench.Job("orders", LoadMode.Retry) with { Keys = [9, 4, 77] }));

        AssertEqualsTenant();
    }
}
