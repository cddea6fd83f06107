using CoupaGateway.Schema;
using CoupaGateway.Sync.Loading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Sync.Tests.Loading;

public sealed class RetiredTablesTests : IDisposable
{
    private static readonly TableSchema Orders = TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String));
    private static readonly TableSchema Users = TestSchemas.Api("users", TestSchemas.Field("name", ColumnType.String));
    private static readonly SchemaRevision Whole = new([Orders, Users]);
    private static readonly SchemaRevision Less = new([Orders]);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly MemoryStore _store = new();
    private readonly LoadingBench _bench;

    public RetiredTablesTests()
    {
        _bench = new LoadingBench(Whole, _store, new MemoryState(), _time);
        _bench.Sources["orders"] = new FakeSource([(1, """{"id":1,"name":"a"}""")]);
        _bench.Sources["users"] = new FakeSource([(1, """{"id":1,"name":"b"}""")]);
    }

    [Fact]
    public async Task A_table_that_left_the_schema_is_dropped_after_a_day()
    {
        Assert.Empty(await _bench.LoadAsync("orders", "users"));

        await TidyAsync(Less);
        _time.Advance(TimeSpan.FromHours(23));
        await TidyAsync(Less);
        Assert.NotNull(_store.Find("test", "users"));

        _time.Advance(TimeSpan.FromHours(2));
        await TidyAsync(Less);
        Assert.Null(_store.Find("test", "users"));
        Assert.NotNull(_store.Find("test", "orders"));
        Assert.DoesNotContain(RetiredTables.Collection, _bench.Documents.Collections);
    }

    [Fact]
    public async Task A_table_that_came_back_meanwhile_has_its_whole_time_again()
    {
        Assert.Empty(await _bench.LoadAsync("orders", "users"));

        await TidyAsync(Less);
        _time.Advance(TimeSpan.FromHours(23));
        await TidyAsync(Whole);
        _time.Advance(TimeSpan.FromHours(2));
        await TidyAsync(Less);

        Assert.NotNull(_store.Find("test", "users"));
    }

    [Fact]
    public async Task Nothing_is_old_enough_by_a_clock_that_is_ahead()
    {
        Assert.Empty(await _bench.LoadAsync("orders", "users"));
        await TidyAsync(Less);

        _time.Advance(TimeSpan.FromHours(25));
        _bench.Clocks.Ahead = TimeSpan.FromHours(25);
        await TidyAsync(Less);
        Assert.NotNull(_store.Find("test", "users"));

        _bench.Clocks.Ahead = TimeSpan.FromHours(-25);
        await TidyAsync(Less);
        Assert.Null(_store.Find("test", "users"));
    }

    public void Dispose()
    {
        _bench.Dispose();
        _store.Dispose();
    }

    private Task TidyAsync(SchemaRevision schema) =>
        _bench.Services.GetRequiredService<RetiredTables>().TidyAsync(LoadingBench.Connection, schema, TestContext.Current.CancellationToken);
}
