using CoupaGateway.Schema;
using CoupaGateway.Sync.Tests.Loading;

namespace CoupaGateway.Sync.Tests;

public sealed class DamageWatchTests : ISyncEngine, IDisposable
{
    private static readonly TableSchema Orders = TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String));
    private static readonly TableSchema Lines = TestSchemas.Nested(Orders, "lines", ["lines"], hasId: true, TestSchemas.Field("text", ColumnType.String));
    private static readonly TableSchema Users = TestSchemas.Api("users", TestSchemas.Field("name", ColumnType.String));

    private readonly LoadingBench _bench = new(new SchemaRevision([Orders, Lines, Users]));
    private readonly List<string> _asked = [];

    [Fact]
    public async Task A_damaged_family_is_asked_for_at_once_and_once_a_version()
    {
        var catalog = new MemoryCatalog(_bench.Store);
        var watch = new DamageWatch(catalog, _bench, this);
        await watch.StartAsync(TestContext.Current.CancellationToken);

        catalog.ReportDamaged(new("test", "lines"), 1);
        catalog.ReportDamaged(new("test", "orders"), 1);
        catalog.ReportDamaged(new("test", "gone"), 1);
        catalog.ReportDamaged(new("other", "orders"), 1);
        catalog.ReportDamaged(new("test", "users"), 1);
        Assert.Equal(["test/orders", "test/users"], _asked);

        _bench.Sources["orders"] = new FakeSource([(1, """{"id":1,"name":"a","lines":[{"id":1,"text":"b"}]}""")]);
        await _bench.LoadAsync("orders");
        catalog.ReportDamaged(new("test", "lines"), 2);
        Assert.Equal(["test/orders", "test/users", "test/orders"], _asked);

        await watch.StopAsync(TestContext.Current.CancellationToken);
        catalog.ReportDamaged(new("test", "users"), 2);
        Assert.Equal(3, _asked.Count);
    }

    void ISyncEngine.Reload(string connection, IReadOnlyCollection<string>? apiTables) => _asked.AddRange((apiTables ?? []).Select(table => $"{connection}/{table}"));

    public void Dispose() => _bench.Dispose();
}
