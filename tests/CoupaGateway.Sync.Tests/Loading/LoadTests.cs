using CoupaGateway.Schema;
using CoupaGateway.Sync.Progress;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Sync.Tests.Loading;

public sealed class LoadTests
{
    private static readonly TableSchema Orders = TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String));
    private static readonly TableSchema Lines = TestSchemas.Nested(Orders, "lines", ["lines"], hasId: true, TestSchemas.Field("text", ColumnType.String));
    private static readonly TableSchema Users = TestSchemas.Api("users", TestSchemas.Field("name", ColumnType.String));
    private static readonly SchemaRevision Schema = new([Orders, Lines, Users]);

    [Fact]
    public async Task A_family_is_stored_in_full_chunks_in_key_order_whatever_the_number_of_readers()
    {
        using var bench = new LoadingBench(Schema, ("Chunks:RowsPerChunk", "300"), ("Sync:Readers", "4"), ("Sync:PagesPerSegment", "2"));
        long[] ids = [.. Enumerable.Range(1, 1_000).Select(static i => (long)i), .. Enumerable.Range(1, 1_500).Select(static i => 1_000_000 + (i * 7L))];
        bench.Sources["orders"] = new FakeSource(ids.Select(Order));

        Assert.Empty(await bench.LoadAsync("orders"));

        Assert.Equal(ids.Select(static id => $"{id}|order {id}"), bench.Store.Read("test", Orders, "id", "name"));
        Assert.Equal(ids.SelectMany(static id => new[] { $"{id}|1|a", $"{id}|2|b" }), bench.Store.Read("test", Lines, "orders_id", "id", "text"));
        var manifest = bench.Store.Find("test", "orders")!;
        Assert.All(manifest.Chunks.SkipLast(1), static chunk => Assert.InRange(chunk.Rows, 300, 349));
        Assert.Equal((1L, Orders.Fingerprint, 2_500L), (manifest.Version, manifest.SchemaFingerprint, manifest.Rows));
        Assert.True(bench.Sources["orders"].MostAtOnce is > 1 and <= 4);
        Assert.Equal(["orders, lines"], bench.Store.Commits);
        Assert.Equal(0, bench.Leftovers());

        var progress = bench.Progress("orders");
        Assert.Equal((TableState.Loaded, 2_500L, 2_500L, 0L), (progress.State, progress.Parents, progress.EstimatedParents, progress.BadValues));
        Assert.Equal((2_500L, 5_000L), (progress.Rows["orders"], progress.Rows["lines"]));
        Assert.True(progress.Requests >= 50 && progress.Bytes > 0);
    }

    [Fact]
    public async Task Rows_of_records_that_are_not_paged_by_their_key_are_sorted_again()
    {
        var revisions = TestSchemas.Api("revisions", TestSchemas.Field("order_id", ColumnType.Int64, "id"));
        revisions = revisions with { Columns = [TestSchemas.Field("revision_record_id", ColumnType.Int64, "revision-record", "id") with { IsKey = true }, .. revisions.Columns.Skip(1)] };
        using var bench = new LoadingBench(new SchemaRevision([revisions]), ("Chunks:RowsPerChunk", "100"));
        bench.Sources["revisions"] = new FakeSource(Enumerable.Range(0, 1_000).Select(static i => (i / 3L, $$$"""{"id":{{{i / 3}}},"revision-record":{"id":{{{(i * 7_919) % 1_000}}}}}""")));

        Assert.Empty(await bench.LoadAsync("revisions"));

        Assert.Equal(Enumerable.Range(0, 1_000).Select(static i => $"{i}"), bench.Store.Read("test", revisions, "revision_record_id"));
        var chunks = bench.Store.Find("test", "revisions")!.Chunks;
        Assert.Equal(10, chunks.Length);
        Assert.All(Enumerable.Range(1, 9), i => Assert.True(chunks[i].MinKey > chunks[i - 1].MaxKey));
        Assert.Equal(0, bench.Leftovers());
    }

    [Fact]
    public async Task An_empty_resource_gives_tables_without_chunks()
    {
        using var bench = new LoadingBench(Schema);
        bench.Sources["orders"] = new FakeSource([]);

        Assert.Empty(await bench.LoadAsync("orders"));

        Assert.Equal(0, bench.Store.Find("test", "orders")!.Rows);
        Assert.Empty(bench.Store.Find("test", "lines")!.Chunks);
        Assert.Equal(TableState.Loaded, bench.Progress("orders").State);
    }

    [Fact]
    public async Task Memory_is_bounded_by_cutting_chunks_early()
    {
        using var bench = new LoadingBench(Schema, ("Sync:BufferMegabytes", "1"));
        var text = new string('x', 2_000);
        bench.Sources["orders"] = new FakeSource(Enumerable.Range(1, 3_000).Select(id => ((long)id, $$"""{"id":{{id}},"name":"{{text}}"}""")));

        Assert.Empty(await bench.LoadAsync("orders"));

        Assert.InRange(bench.Store.Uploads, 5, 13);
        Assert.Equal(3_000, bench.Store.Find("test", "orders")!.Rows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_table_that_fails_says_why_and_does_not_disturb_the_others(bool atProbe)
    {
        using var bench = new LoadingBench(Schema, ("Sync:PagesPerSegment", "1"));
        var failure = new InvalidOperationException("something with personal data in it");
        bench.Sources["orders"] = new FakeSource(Enumerable.Range(1, 1_000).Select(static id => Order(id)))
        {
            ProbeFault = atProbe ? failure : null,
            Fault = (500, failure),
        };
        bench.Sources["users"] = new FakeSource([(1, """{"id":1,"name":"a"}""")]);

        Assert.Equal(["orders"], await bench.LoadAsync("orders", "users"));

        Assert.Null(bench.Store.Find("test", "orders"));
        Assert.Null(bench.Store.Find("test", "lines"));
        Assert.Equal(["1|a"], bench.Store.Read("test", Users, "id", "name"));
        var progress = bench.Progress("orders");
        Assert.Equal(TableState.Failed, progress.State);
        Assert.Contains("InvalidOperationException", progress.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("personal", progress.Error, StringComparison.Ordinal);
        Assert.Equal(0, bench.Leftovers());
    }

    [Fact]
    public async Task A_page_that_is_no_json_fails_its_table_with_a_cause()
    {
        using var bench = new LoadingBench(Schema);
        bench.Sources["users"] = new FakeSource([(1, "{\"id\":1"), (2, "")]);

        Assert.Equal(["users"], await bench.LoadAsync("users"));

        Assert.Contains("not a JSON array", bench.Progress("users").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_another_worker_committed_meanwhile_stays()
    {
        using var bench = new LoadingBench(Schema);
        bench.Sources["users"] = new FakeSource([(1, """{"id":1}""")]);
        bench.Store.RefuseCommits = true;

        Assert.Equal(["users"], await bench.LoadAsync("users"));

        Assert.Contains("Another worker", bench.Progress("users").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_manifest_for_the_schema_in_force_or_lost_a_chunk_is_missing()
    {
        using var bench = new LoadingBench(Schema);
        bench.Sources["orders"] = new FakeSource([Order(1)]);
        bench.Sources["users"] = new FakeSource([]);

        Assert.Equal(["orders", "users"], await bench.FindMissingAsync());
        await bench.LoadAsync("orders", "users");
        Assert.Empty(await bench.FindMissingAsync());

        bench.Store.Lose(bench.Store.Find("test", "lines")!.Chunks[0]);
        Assert.Equal(["orders"], await bench.FindMissingAsync());
        await bench.LoadAsync("orders");
        Assert.Empty(await bench.FindMissingAsync());

        var wider = TestSchemas.Nested(Orders, "lines", ["lines"], hasId: true, TestSchemas.Field("text", ColumnType.String), TestSchemas.Field("more", ColumnType.String));
        bench.Schema = new SchemaRevision([Orders, wider, Users]);
        Assert.Equal(["orders"], await bench.FindMissingAsync());
    }

    [Fact]
    public async Task The_engine_loads_what_is_missing_by_itself_and_again_on_request()
    {
        using var bench = new LoadingBench(Schema);
        bench.Sources["orders"] = new FakeSource([Order(1)]);
        bench.Sources["users"] = new FakeSource([(1, """{"id":1,"name":"a"}""")]);
        var engine = bench.Services.GetRequiredService<ISyncEngine>();
        var hosted = bench.Services.GetRequiredService<SyncEngine>();

        Assert.Throws<ArgumentException>(() => engine.Reload("nowhere"));
        Assert.Throws<ArgumentException>(() => engine.Reload("test", ["lines"]));
        await hosted.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => bench.Store.Find("test", "users") is not null && bench.Store.Find("test", "orders") is not null);

        bench.Sources["users"] = new FakeSource([(1, """{"id":1,"name":"b"}""")]);
        engine.Reload("test", ["users"]);
        await UntilAsync(() => bench.Store.Find("test", "users")!.Version == 2);
        await hosted.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["1|b"], bench.Store.Read("test", Users, "id", "name"));
        Assert.Equal(1, bench.Store.Find("test", "orders")!.Version);
    }

    private static (long Id, string Json) Order(long id) =>
        (id, $$"""{"id":{{id}},"name":"order {{id}}","lines":[{"id":1,"text":"a"},{"id":2,"text":"b"}]}""");

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }
}
