using System.Text.Json;
using CoupaGateway.Schema;
using CoupaGateway.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Orders with what is nested in them, of a tenant that changes, loaded by one process after another.</summary>
public abstract class OrdersTests : IDisposable
{
    internal static readonly TableSchema Orders = TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String));
    internal static readonly TableSchema Lines = TestSchemas.Nested(Orders, "lines", ["lines"], hasId: true, TestSchemas.Field("text", ColumnType.String));
    internal static readonly TableSchema Parts = TestSchemas.Nested(Lines, "parts", ["parts"], hasId: false, TestSchemas.Field("text", ColumnType.String));
    private protected static readonly SchemaRevision Schema = new([Orders, Lines, Parts]);
    private protected static readonly (string, string)[] Settings = [("Chunks:RowsPerChunk", "60"), ("Sync:Readers", "3"), ("Sync:PagesPerSegment", "2"), ("Sync:CheckpointInterval", "00:00:00")];

    protected OrdersTests() => Clock = new JumpingTime(Time);

    /// <summary>The right time, which the tenant has.</summary>
    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));

    /// <summary>The clock of the machine that loads.</summary>
    private protected JumpingTime Clock { get; }

    /// <summary>What is known of that clock.</summary>
    private protected FakeClocks Clocks { get; } = new();

    private protected FakeTenant Tenant { get; } = new(pageSize: 10);

    private protected MemoryStore Store { get; } = new();

    private protected MemoryState State { get; } = new();

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void Fail(bool now)
    {
        if (now)
            throw new IOException("The process ends here.");
    }

    private protected void Put(IEnumerable<int> ids, string text = "text", int lines = 2, DateTimeOffset? at = null)
    {
        foreach (var id in ids)
        {
            var children = Enumerable.Range(1, lines).Select(line => $$"""{"id":{{line}},"text":"{{text}}","parts":[{"text":"{{text}}"}]}""");
            Tenant.Set(id, at ?? Time.GetUtcNow(), $$"""{"id":{{id}},"name":"{{text}}","lines":[{{string.Join(',', children)}}]}""");
        }
    }

    private protected LoadingBench Bench() => new(Schema, Store, State, Clock, Settings) { Tenants = { ["orders"] = Tenant }, Clocks = Clocks };

    /// <param name="fails">Whether it has to fail; null when either will do.</param>
    private protected async Task RunAsync(LoadMode mode, bool? fails = false)
    {
        using var bench = Bench();
        var failed = (await bench.RunAsync(mode, "orders")).Count > 0;
        if (fails is { } expected)
            Assert.True(failed == expected, bench.Progress("orders").Error);

        Assert.Equal(0, bench.Leftovers());
    }

    internal List<string> Rows(TableSchema table, params string[] columns) => Store.Find("test", table.Name) is null ? [] : Store.Read("test", table, columns);

    private protected List<string> Deleted() => Rows(SystemTables.DeletedRecords, "table_name", "key_values");

    private protected void AssertEqualsTenant()
    {
        var records = Tenant.Records.Values.Select(static record => JsonDocument.Parse(record.Json).RootElement).ToArray();
        Assert.Equal(records.Select(static record => $"{record.GetProperty("id")}|{record.GetProperty("name")}"), Rows(Orders, "id", "name"));
        var lines = records.SelectMany(static record => record.GetProperty("lines").EnumerateArray().Select(line => (Id: record.GetProperty("id"), Line: line))).ToArray();
        Assert.Equal(lines.Select(static line => $"{line.Id}|{line.Line.GetProperty("id")}|{line.Line.GetProperty("text")}"), Rows(Lines, "orders_id", "id", "text"));
        Assert.Equal(lines.Select(static line => $"{line.Id}|{line.Line.GetProperty("id")}|0|{line.Line.GetProperty("text")}"), Rows(Parts, "orders_id", "lines_id", "_position", "text"));
        foreach (var name in new[] { "orders", "lines", "parts" })
        {
            var chunks = Store.Find("test", name)!.Chunks;
            Assert.All(chunks.Zip(chunks.Skip(1)), static pair => Assert.True(pair.First.MaxKey < pair.Second.MinKey));
            Assert.All(chunks.Zip(chunks.Skip(1)), static pair => Assert.True(pair.First.Rows + pair.Second.Rows > 60));
        }
    }
}
