using CoupaGateway.Schema;
using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Deltas: what changed within a window of time.</summary>
public sealed class DeltaTests : OrdersTests
{
    [Fact]
    public async Task A_delta_reads_what_changed_and_leaves_the_rest_alone()
    {
        Put(Enumerable.Range(1, 200));
        await RunAsync(LoadMode.Full);
        var first = Rows(Orders, "id", "_changed_at").ToDictionary(static row => row.Split('|')[0], static row => row.Split('|')[1]);
        var chunks = Store.Find("test", "lines")!.Chunks;
        Time.Advance(TimeSpan.FromHours(3));
        Put([7], "new text", lines: 1);
        Put([201], "created");

        await RunAsync(LoadMode.Delta);

        AssertEqualsTenant();
        var second = Rows(Orders, "id", "_changed_at").ToDictionary(static row => row.Split('|')[0], static row => row.Split('|')[1]);
        Assert.Equal(["201", "7"], second.Keys.Where(id => first.GetValueOrDefault(id) != second[id]).Order(StringComparer.Ordinal));
        Assert.Equal(chunks.Length - 2, Store.Find("test", "lines")!.Chunks.Intersect(chunks).Count());
        Assert.Equal(Time.GetUtcNow(), Store.Find("test", "orders")!.Watermark);
    }

    [Fact]
    public async Task A_delta_without_changes_moves_the_watermark_and_writes_nothing()
    {
        Put(Enumerable.Range(1, 50));
        await RunAsync(LoadMode.Full);
        var chunks = Store.Find("test", "orders")!.Chunks;
        Time.Advance(TimeSpan.FromMinutes(10));

        await RunAsync(LoadMode.Delta);
        Time.Advance(TimeSpan.FromHours(9));
        await RunAsync(LoadMode.Delta);

        // The first reads everything once more, for it all changed within the overlap.
        Assert.Equal((3L, 1L), (Store.Find("test", "orders")!.Version, Store.Find("test", "lines")!.Version));
        Assert.Equal(Time.GetUtcNow(), Store.Find("test", "orders")!.Watermark);
        Assert.Equal(chunks, Store.Find("test", "orders")!.Chunks);
    }

    [Fact]
    public async Task A_late_update_is_found_by_looking_back()
    {
        Put(Enumerable.Range(1, 5));
        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromDays(2));
        await RunAsync(LoadMode.Delta);
        Put([3], "late", at: Time.GetUtcNow().AddDays(-1.5));

        await RunAsync(LoadMode.Delta);
        Assert.DoesNotContain("3|late", Rows(Orders, "id", "name"));
        using var bench = Bench();
        Assert.Equal(LoadOutcome.Succeeded, await bench.RunAsync(bench.Job("orders", LoadMode.Delta) with { LooksBack = true }));

        AssertEqualsTenant();
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task A_tenant_whose_clock_is_five_minutes_off_loses_no_change(int minutes)
    {
        Put(Enumerable.Range(1, 50), at: Theirs());
        await RunAsync(LoadMode.Full);
        for (var i = 1; i <= 10; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Put([i], $"changed {i}", at: Theirs());
            Put([100 + i], "created", at: Theirs());
            await RunAsync(LoadMode.Delta);
        }

        // What they stamped ahead of our clock comes when that has caught up.
        Time.Advance(TimeSpan.FromMinutes(6));
        await RunAsync(LoadMode.Delta);
        AssertEqualsTenant();

        DateTimeOffset Theirs() => Time.GetUtcNow().AddMinutes(minutes);
    }

    [Fact]
    public async Task Without_a_watermark_or_with_other_columns_a_delta_is_a_full_load()
    {
        Put(Enumerable.Range(1, 5));
        await RunAsync(LoadMode.Delta);
        Assert.Equal(1, Store.Find("test", "orders")!.Version);

        Time.Advance(TimeSpan.FromDays(1));
        var orders = Orders with { Resource = Orders.Resource! with { Watermark = null } };
        using var bench = new LoadingBench(new SchemaRevision([orders, Lines, Parts]), Store, State, Time, Settings) { Tenants = { ["orders"] = Tenant } };
        Assert.Empty(await bench.RunAsync(LoadMode.Delta, "orders"));
        Assert.Equal(LoadMode.Full, bench.Progress("orders").Mode);
        Assert.All(Tenant.Queries, static query => Assert.Empty(query.Filters));
    }

    [Fact]
    public async Task Ten_thousand_records_that_changed_in_one_second_all_come_with_the_delta()
    {
        var tenant = new FakeTenant();
        var at = Time.GetUtcNow();
        foreach (var id in Enumerable.Range(1, 10_000))
            tenant.Set(id, at, $$"""{"id":{{id}},"name":"first","lines":[]}""");

        await RunAsync(LoadMode.Full);
        Time.Advance(TimeSpan.FromHours(5));
        foreach (var id in Enumerable.Range(1, 10_000))
            tenant.Set(id, Time.GetUtcNow(), $$"""{"id":{{id}},"name":"second","lines":[]}""");

        await RunAsync(LoadMode.Delta);

        Assert.Equal(Enumerable.Range(1, 10_000).Select(static id => $"{id}|second"), Rows(Orders, "id", "name"));

        async Task RunAsync(LoadMode mode)
        {
            using var bench = new LoadingBench(Schema, Store, State, Time, ("Chunks:RowsPerChunk", "4000")) { Tenants = { ["orders"] = tenant } };
            Assert.Empty(await bench.RunAsync(mode, "orders"));
            Assert.Equal(mode, bench.Progress("orders").Mode);
        }
    }
}
