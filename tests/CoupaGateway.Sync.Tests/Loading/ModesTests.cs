using System.Text.Json;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Loading;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Delta, reconcile and resume against a tenant that changes, with processes that end at any point.</summary>
public sealed class ModesTests : IDisposable
{
    private static readonly TableSchema Orders = TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String));
    private static readonly TableSchema Lines = TestSchemas.Nested(Orders, "lines", ["lines"], hasId: true, TestSchemas.Field("text", ColumnType.String));
    private static readonly TableSchema Parts = TestSchemas.Nested(Lines, "parts", ["parts"], hasId: false, TestSchemas.Field("text", ColumnType.String));
    private static readonly SchemaRevision Schema = new([Orders, Lines, Parts]);
    private static readonly (string, string)[] Settings = [("Chunks:RowsPerChunk", "60"), ("Sync:Readers", "3"), ("Sync:PagesPerSegment", "2"), ("Sync:CheckpointInterval", "00:00:00")];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly FakeTenant _tenant = new(pageSize: 10);
    private readonly MemoryStore _store = new();
    private readonly MemoryState _state = new();

    [Fact]
    public async Task A_delta_reads_what_changed_and_leaves_the_rest_alone()
    {
        Put(Enumerable.Range(1, 200));
        await RunAsync(LoadMode.Full);
        var first = Rows(Orders, "id", "_changed_at").ToDictionary(static row => row.Split('|')[0], static row => row.Split('|')[1]);
        var chunks = _store.Find("test", "lines")!.Chunks;
        _time.Advance(TimeSpan.FromHours(3));
        Put([7], "new text", lines: 1);
        Put([201], "created");

        await RunAsync(LoadMode.Delta);

        AssertEqualsTenant();
        var second = Rows(Orders, "id", "_changed_at").ToDictionary(static row => row.Split('|')[0], static row => row.Split('|')[1]);
        Assert.Equal(["201", "7"], second.Keys.Where(id => first.GetValueOrDefault(id) != second[id]).Order(StringComparer.Ordinal));
        Assert.Equal(chunks.Length - 2, _store.Find("test", "lines")!.Chunks.Intersect(chunks).Count());
        Assert.Equal(_time.GetUtcNow(), _store.Find("test", "orders")!.Watermark);
    }

    [Fact]
    public async Task A_delta_without_changes_moves_the_watermark_and_writes_nothing()
    {
        Put(Enumerable.Range(1, 50));
        await RunAsync(LoadMode.Full);
        var chunks = _store.Find("test", "orders")!.Chunks;
        _time.Advance(TimeSpan.FromMinutes(10));

        await RunAsync(LoadMode.Delta);
        _time.Advance(TimeSpan.FromHours(9));
        await RunAsync(LoadMode.Delta);

        // The first reads everything once more, for it all changed within the overlap.
        Assert.Equal((3L, 1L), (_store.Find("test", "orders")!.Version, _store.Find("test", "lines")!.Version));
        Assert.Equal(_time.GetUtcNow(), _store.Find("test", "orders")!.Watermark);
        Assert.Equal(chunks, _store.Find("test", "orders")!.Chunks);
    }

    [Fact]
    public async Task A_late_update_is_found_by_looking_back()
    {
        Put(Enumerable.Range(1, 5));
        await RunAsync(LoadMode.Full);
        _time.Advance(TimeSpan.FromDays(2));
        await RunAsync(LoadMode.Delta);
        Put([3], "late", at: _time.GetUtcNow().AddDays(-1.5));

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
            _time.Advance(TimeSpan.FromMinutes(1));
            Put([i], $"changed {i}", at: Theirs());
            Put([100 + i], "created", at: Theirs());
            await RunAsync(LoadMode.Delta);
        }

        // What they stamped ahead of our clock comes when that has caught up.
        _time.Advance(TimeSpan.FromMinutes(6));
        await RunAsync(LoadMode.Delta);
        AssertEqualsTenant();

        DateTimeOffset Theirs() => _time.GetUtcNow().AddMinutes(minutes);
    }

    [Fact]
    public async Task A_reconcile_removes_what_is_gone_and_reads_what_is_missing()
    {
        Put(Enumerable.Range(1, 130));
        await RunAsync(LoadMode.Full);
        _time.Advance(TimeSpan.FromDays(1));
        foreach (var id in new[] { 1, 60, 61, 130 })
            _tenant.Records.Remove(id);

        Put([500], "missed", at: _time.GetUtcNow().AddDays(-30));
        await RunAsync(LoadMode.Reconcile);

        AssertEqualsTenant();
        Assert.Equal(
            ["""lines|{"orders_id":1,"id":1}""", """lines|{"orders_id":1,"id":2}""", """orders|{"id":1}"""],
            Deleted().Where(static row => row.EndsWith("""|{"id":1}""", StringComparison.Ordinal) || row.StartsWith("""lines|{"orders_id":1,""", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(4 + 8 + 8, Deleted().Count);
        var watermark = _store.Find("test", "orders")!.Watermark;
        await RunAsync(LoadMode.Reconcile);
        Assert.Equal((2L, watermark), (_store.Find("test", "orders")!.Version, _store.Find("test", "orders")!.Watermark));
    }

    [Fact]
    public async Task A_full_load_again_keeps_the_time_of_rows_that_are_the_same_and_tells_what_is_gone()
    {
        Put(Enumerable.Range(1, 130));
        await RunAsync(LoadMode.Full);
        _time.Advance(TimeSpan.FromDays(1));
        _tenant.Records.Remove(20);
        Put([30], "other", lines: 2);
        await RunAsync(LoadMode.Full);

        AssertEqualsTenant();
        Assert.Single(Rows(Orders, "id", "_changed_at").Select(static row => row.Split('|')[1]).GroupBy(static at => at), static group => group.Count() == 1);
        Assert.Equal(5, Deleted().Count);
    }

    [Fact]
    public async Task Without_a_watermark_or_with_other_columns_a_delta_is_a_full_load()
    {
        Put(Enumerable.Range(1, 5));
        await RunAsync(LoadMode.Delta);
        Assert.Equal(1, _store.Find("test", "orders")!.Version);

        _time.Advance(TimeSpan.FromDays(1));
        var orders = Orders with { Resource = Orders.Resource! with { Watermark = null } };
        using var bench = new LoadingBench(new SchemaRevision([orders, Lines, Parts]), _store, _state, _time, Settings) { Tenants = { ["orders"] = _tenant } };
        Assert.Empty(await bench.RunAsync(LoadMode.Delta, "orders"));
        Assert.Equal(LoadMode.Full, bench.Progress("orders").Mode);
        Assert.All(_tenant.Queries, static query => Assert.Empty(query.Filters));
    }

    [Fact]
    public async Task Records_of_the_dead_letter_list_are_read_again_by_their_keys()
    {
        Put(Enumerable.Range(1, 20));
        await RunAsync(LoadMode.Full);
        _time.Advance(TimeSpan.FromDays(1));
        Put([4, 9], "mended", at: _time.GetUtcNow().AddDays(-20));

        using var bench = Bench();
        Assert.Equal(LoadOutcome.Succeeded, await bench.RunAsync(bench.Job("orders", LoadMode.Retry) with { Keys = [9, 4, 77] }));

        AssertEqualsTenant();
    }

    [Fact]
    public async Task A_run_that_ended_is_taken_up_where_it_was()
    {
        Put(Enumerable.Range(1, 400));
        _tenant.OnPage = page => Fail(page == 30);
        await RunAsync(LoadMode.Full, fails: true);
        Assert.Null(_store.Find("test", "orders"));
        var checkpoint = CheckpointJson.Read(_state.Values.Single().Value)!;
        Assert.InRange(checkpoint.Position!.Value, 150, 300);
        _tenant.OnPage = null;
        _time.Advance(TimeSpan.FromMinutes(3));

        var before = _tenant.Pages;
        await RunAsync(LoadMode.Full);

        AssertEqualsTenant();
        Assert.InRange(_tenant.Pages - before, (400 - checkpoint.Position.Value) / 10, 32);
        Assert.Empty(_state.Values);
        Assert.Equal(checkpoint.Until, _store.Find("test", "orders")!.Watermark);
    }

    [Fact]
    public async Task A_checkpoint_of_another_mode_another_schema_or_with_lost_chunks_is_not_used()
    {
        Put(Enumerable.Range(1, 100));
        _tenant.OnPage = page => Fail(page == 8);
        await RunAsync(LoadMode.Full, fails: true);
        foreach (var chunk in CheckpointJson.Read(_state.Values.Single().Value)!.Staged[0])
            _store.Lose(chunk);

        _tenant.OnPage = null;
        await RunAsync(LoadMode.Full, fails: false);
        AssertEqualsTenant();

        _time.Advance(TimeSpan.FromHours(2));
        Put(Enumerable.Range(1, 100), "changed");
        _tenant.OnPage = page => Fail(page % 10 == 9);
        await RunAsync(LoadMode.Delta, fails: true);
        _tenant.OnPage = null;
        _tenant.Records.Remove(3);
        await RunAsync(LoadMode.Full);
        AssertEqualsTenant();
    }

    [Fact]
    public async Task What_an_earlier_run_has_left_to_be_committed_comes_before_the_work_of_the_next()
    {
        Put(Enumerable.Range(1, 30));
        _store.OnStep = static step => Fail(step == "commit");
        await RunAsync(LoadMode.Full, fails: true);
        Assert.NotNull(CheckpointJson.Read(_state.Values.Single().Value)!.Plan);
        _store.OnStep = null;
        _time.Advance(TimeSpan.FromHours(5));
        Put([3], "changed since");

        await RunAsync(LoadMode.Delta);

        AssertEqualsTenant();
        Assert.Equal(2, _store.Find("test", "orders")!.Version);
    }

    [Fact]
    public async Task Ten_thousand_records_that_changed_in_one_second_all_come_with_the_delta()
    {
        var tenant = new FakeTenant();
        var at = _time.GetUtcNow();
        foreach (var id in Enumerable.Range(1, 10_000))
            tenant.Set(id, at, $$"""{"id":{{id}},"name":"first","lines":[]}""");

        await RunAsync(LoadMode.Full);
        _time.Advance(TimeSpan.FromHours(5));
        foreach (var id in Enumerable.Range(1, 10_000))
            tenant.Set(id, _time.GetUtcNow(), $$"""{"id":{{id}},"name":"second","lines":[]}""");

        await RunAsync(LoadMode.Delta);

        Assert.Equal(Enumerable.Range(1, 10_000).Select(static id => $"{id}|second"), Rows(Orders, "id", "name"));

        async Task RunAsync(LoadMode mode)
        {
            using var bench = new LoadingBench(Schema, _store, _state, _time, ("Chunks:RowsPerChunk", "4000")) { Tenants = { ["orders"] = tenant } };
            Assert.Empty(await bench.RunAsync(mode, "orders"));
            Assert.Equal(mode, bench.Progress("orders").Mode);
        }
    }

    [Fact]
    public async Task A_worker_that_another_one_has_overtaken_commits_nothing()
    {
        Put(Enumerable.Range(1, 60));
        using var slow = Bench();
        var overtaken = false;
        _tenant.OnPage = page =>
        {
            if (page != 3 || overtaken)
                return;

            // Another worker goes on with the run: the checkpoint is no longer the one that this worker wrote.
            overtaken = true;
            var (key, value) = _state.Values.Single();
            _state.Values[key] = CheckpointJson.Write(CheckpointJson.Read(value)! with { Records = 1 });
        };
        Assert.Equal(["orders"], await slow.RunAsync(LoadMode.Full, "orders"));

        Assert.Contains("Another worker", slow.Progress("orders").Error, StringComparison.Ordinal);
        Assert.Null(_store.Find("test", "orders"));
        Assert.Null(_store.Find("test", "parts"));
    }

    /// <summary>
    /// The tenant changes while it is read, processes end at any point, a reader follows by _changed_at and deleted_records: the tables come to
    /// equal the tenant, and so does what the reader has.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_the_tables_come_to_equal_the_tenant_and_so_does_a_reader_that_follows(int seed)
    {
        var random = new Random(seed);
        var follower = new Follower(this);
        Put(Enumerable.Range(1, 110));
        await RunAsync(LoadMode.Full);
        for (var round = 0; round < 6; round++)
        {
            var mode = (LoadMode)random.Next(3);
            _tenant.OnPage = _ => Disturb(random);
            _store.OnStep = _ => Fail(random.Next(25) == 0);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                _time.Advance(TimeSpan.FromMinutes(random.Next(1, 90)));
                await RunAsync(mode, fails: null);
                if (random.Next(2) == 0)
                    follower.Follow();
            }

            (_tenant.OnPage, _store.OnStep) = (null, null);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(LoadMode.Delta);
        await RunAsync(LoadMode.Reconcile);
        AssertEqualsTenant();
        Assert.Empty(_state.Values);
        follower.Follow();
        follower.AssertEqualsTables();
    }

    public void Dispose() => _store.Dispose();

    private static void Fail(bool now)
    {
        if (now)
            throw new IOException("The process ends here.");
    }

    private void Disturb(Random random)
    {
        Fail(random.Next(40) == 0);
        var id = random.Next(1, 130);
        switch (random.Next(6))
        {
            case 0:
                Put([id], $"text {random.Next(3)}", lines: random.Next(4));
                break;
            case 1:
                _tenant.Records.Remove(id);
                break;
            case 2:
                Put([(int)_tenant.Records.Keys.LastOrDefault() + 1], "created", lines: random.Next(3));
                break;
            case 3:
                _time.Advance(TimeSpan.FromSeconds(random.Next(60)));
                break;
        }
    }

    private void Put(IEnumerable<int> ids, string text = "text", int lines = 2, DateTimeOffset? at = null)
    {
        foreach (var id in ids)
        {
            var children = Enumerable.Range(1, lines).Select(line => $$"""{"id":{{line}},"text":"{{text}}","parts":[{"text":"{{text}}"}]}""");
            _tenant.Set(id, at ?? _time.GetUtcNow(), $$"""{"id":{{id}},"name":"{{text}}","lines":[{{string.Join(',', children)}}]}""");
        }
    }

    private LoadingBench Bench() => new(Schema, _store, _state, _time, Settings) { Tenants = { ["orders"] = _tenant } };

    /// <param name="fails">Whether it has to fail; null when either will do.</param>
    private async Task RunAsync(LoadMode mode, bool? fails = false)
    {
        using var bench = Bench();
        var failed = (await bench.RunAsync(mode, "orders")).Count > 0;
        if (fails is { } expected)
            Assert.True(failed == expected, bench.Progress("orders").Error);

        Assert.Equal(0, bench.Leftovers());
    }

    private List<string> Rows(TableSchema table, params string[] columns) => _store.Find("test", table.Name) is null ? [] : _store.Read("test", table, columns);

    private List<string> Deleted() => Rows(SystemTables.DeletedRecords, "table_name", "key_values");

    private void AssertEqualsTenant()
    {
        var records = _tenant.Records.Values.Select(static record => JsonDocument.Parse(record.Json).RootElement).ToArray();
        Assert.Equal(records.Select(static record => $"{record.GetProperty("id")}|{record.GetProperty("name")}"), Rows(Orders, "id", "name"));
        var lines = records.SelectMany(static record => record.GetProperty("lines").EnumerateArray().Select(line => (Id: record.GetProperty("id"), Line: line))).ToArray();
        Assert.Equal(lines.Select(static line => $"{line.Id}|{line.Line.GetProperty("id")}|{line.Line.GetProperty("text")}"), Rows(Lines, "orders_id", "id", "text"));
        Assert.Equal(lines.Select(static line => $"{line.Id}|{line.Line.GetProperty("id")}|0|{line.Line.GetProperty("text")}"), Rows(Parts, "orders_id", "lines_id", "_position", "text"));
        foreach (var name in new[] { "orders", "lines", "parts" })
        {
            var chunks = _store.Find("test", name)!.Chunks;
            Assert.All(chunks.Zip(chunks.Skip(1)), static pair => Assert.True(pair.First.MaxKey < pair.Second.MinKey));
            Assert.All(chunks.Zip(chunks.Skip(1)), static pair => Assert.True(pair.First.Rows + pair.Second.Rows > 60));
        }
    }

    /// <summary>A reader as docs/loads.md tells it to be.</summary>
    private sealed class Follower(ModesTests test)
    {
        private readonly Dictionary<string, Dictionary<string, (string Value, string ChangedAt)>> _tables = [];
        private readonly Dictionary<string, string> _newest = [];
        private string _newestDeletion = "";

        public void Follow()
        {
            foreach (var table in new[] { Orders, Lines, Parts })
            {
                var rows = _tables.TryGetValue(table.Name, out var known) ? known : _tables[table.Name] = [];
                var newest = _newest.GetValueOrDefault(table.Name, "");
                foreach (var row in test.Rows(table, [.. Columns(table), "_changed_at"]).Select(static row => row.Split('|')))
                {
                    if (string.CompareOrdinal(row[^1], newest) <= 0)
                        continue;

                    rows[Key(table, row)] = (row[^2], row[^1]);
                    if (string.CompareOrdinal(row[^1], _newest.GetValueOrDefault(table.Name, "")) > 0)
                        _newest[table.Name] = row[^1];
                }
            }

            foreach (var deletion in test.Rows(SystemTables.DeletedRecords, "table_name", "key_values", "_changed_at").Select(static row => row.Split('|')))
            {
                if (string.CompareOrdinal(deletion[2], _newestDeletion) <= 0)
                    continue;

                _newestDeletion = deletion[2];
                if (_tables[deletion[0]].TryGetValue(deletion[1], out var row) && string.CompareOrdinal(row.ChangedAt, deletion[2]) < 0)
                    _tables[deletion[0]].Remove(deletion[1]);
            }
        }

        public void AssertEqualsTables()
        {
            foreach (var table in new[] { Orders, Lines, Parts })
            {
                var expected = test.Rows(table, Columns(table)).Select(static row => row.Split('|')).Select(row => $"{Key(table, row)} {row[^1]}").Order(StringComparer.Ordinal);
                Assert.Equal(expected, _tables[table.Name].Select(static row => $"{row.Key} {row.Value.Value}").Order(StringComparer.Ordinal));
            }
        }

        private static string[] Columns(TableSchema table) => [.. table.Key.Select(static column => column.Name), table == Orders ? "name" : "text"];

        private static string Key(TableSchema table, string[] row) => $"{{{string.Join(',', table.Key.Select((column, i) => $"\"{column.Name}\":{row[i]}"))}}}";
    }
}
