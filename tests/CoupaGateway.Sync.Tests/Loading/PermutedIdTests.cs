using System.Globalization;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Tests.Pseudonyms;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Orders whose ids are pseudonyms: every kind of load leaves the rows that it leaves in clear, under other numbers.</summary>
public sealed class PermutedIdTests : OrdersTests
{
    /// <summary>Ids begin where no count, position or size of these tests comes.</summary>
    private const int First = 7_770_001;

    private static readonly PseudonymSecrets Secrets = TestSecrets.Of(1, 2);
    private int _version = 1;

    private SchemaRevision Hidden
    {
        get
        {
            var mark = TestSecrets.Mark(PseudonymAlgorithm.IdPermutation, "order.id", ColumnType.Int64, version: _version);
            return new([.. Schema.Tables.Select(table => table with
            {
                Columns = [.. table.Columns.Select(column => column.Name == "orders_id" || (table.Name == "orders" && column.Name == "id") ? column with { Pseudonym = mark } : column)],
            })]);
        }
    }

    [Fact]
    public async Task A_full_load_leaves_all_rows_in_the_order_of_their_new_ids()
    {
        Put(Ids(400));
        await RunHiddenAsync(LoadMode.Full);
        AssertSame();
        AssertNoIdIsKept();
    }

    [Fact]
    public async Task Deltas_and_reconciles_see_what_changed_came_and_went()
    {
        Put(Ids(300));
        await RunHiddenAsync(LoadMode.Full);
        for (var round = 1; round <= 4; round++)
        {
            Time.Advance(TimeSpan.FromHours(3));
            Put(Ids(300).Where(id => id % 40 == round), $"changed {round}", lines: 1 + (round % 3));
            Put([First + 1_000 + round], "created");
            await RunHiddenAsync(LoadMode.Delta);
            AssertSame();

            var gone = First + (round * 17);
            Tenant.Records.Remove(gone);
            Put([First + 2_000 + round], "slipped through", at: Time.GetUtcNow().AddDays(-30));
            await RunHiddenAsync(LoadMode.Reconcile);
            AssertSame();
            Assert.Contains($"orders|{{\"id\":{Token(gone)}}}", Deleted());
            Assert.DoesNotContain(Deleted(), row => row.Contains($"{gone}", StringComparison.Ordinal));
        }

        AssertNoIdIsKept();
    }

    [Fact]
    public async Task A_run_that_ended_goes_on_where_it_was_and_keeps_no_id_meanwhile()
    {
        Put(Ids(400));
        Tenant.OnPage = page => Fail(page == 30);
        await RunHiddenAsync(LoadMode.Full, fails: true);
        Assert.NotNull(CheckpointJson.Read(State.Values.Single().Value)!.Position);
        AssertNoIdIsKept();
        Tenant.OnPage = null;
        Time.Advance(TimeSpan.FromMinutes(3));

        var before = Tenant.Pages;
        await RunHiddenAsync(LoadMode.Full);

        Assert.InRange(Tenant.Pages - before, 1, 32);
        AssertSame();
    }

    [Fact]
    public async Task Runs_that_end_anywhere_lose_nothing()
    {
        Put(Ids(120));
        await RunHiddenAsync(LoadMode.Full);
        foreach (var mode in new[] { LoadMode.Full, LoadMode.Delta, LoadMode.Reconcile })
        {
            for (var end = 0; end < 8; end++)
            {
                Time.Advance(TimeSpan.FromHours(2));
                Put(Ids(120).Where(id => id % 7 == end), $"{mode} {end}");
                Tenant.Records.Remove(First + 119 - end);
                var last = Tenant.Pages + end;
                Tenant.OnPage = page => Fail(page == last);
                await RunHiddenAsync(mode, fails: null);
                Tenant.OnPage = null;
            }

            await RunHiddenAsync(LoadMode.Delta);
            await RunHiddenAsync(LoadMode.Reconcile);
            AssertSame();
        }
    }

    [Fact]
    public async Task Records_are_tried_again_by_the_keys_that_the_tables_have()
    {
        Put(Ids(50));
        await RunHiddenAsync(LoadMode.Full);
        Put([First + 3], "mended", at: Time.GetUtcNow().AddDays(-3));
        using var bench = HiddenBench();
        Assert.Equal(LoadOutcome.Succeeded, await bench.RunAsync(bench.Job("orders", LoadMode.Retry) with { Keys = [Token(First + 3)] }));
        AssertSame();
    }

    [Fact]
    public async Task A_new_key_gives_all_rows_other_ids()
    {
        Put(Ids(100));
        await RunHiddenAsync(LoadMode.Full);
        var before = Rows(Orders, "id");
        _version = 2;
        await RunHiddenAsync(LoadMode.Full);
        AssertSame();
        Assert.Empty(before.Intersect(Rows(Orders, "id")));
    }

    [Fact]
    public async Task What_was_deleted_under_its_own_id_is_forgotten_when_ids_become_pseudonyms()
    {
        Put(Ids(60));
        await RunAsync(LoadMode.Full);
        Tenant.Records.Remove(First + 5);
        Time.Advance(TimeSpan.FromHours(2));
        await RunAsync(LoadMode.Reconcile);
        Assert.Contains($"orders|{{\"id\":{First + 5}}}", Deleted());

        await RunHiddenAsync(LoadMode.Full);

        AssertSame();
        Assert.DoesNotContain(Deleted(), static row => row.Contains("777", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_tells_no_id()
    {
        Put(Ids(60));
        using var bench = HiddenBench();
        Assert.Empty(await bench.RunAsync(LoadMode.Full, "orders"));
        Assert.Null(bench.Progress("orders").CurrentId);
        Assert.Equal(60, bench.Progress("orders").Parents);
    }

    private static IEnumerable<int> Ids(int count) => Enumerable.Range(First, count);

    private long Token(long id) => Secrets.IdTokensOf(_version, "order.id", [id])[0];

    private LoadingBench HiddenBench() => new(Hidden, Store, State, Clock, Settings) { Tenants = { ["orders"] = Tenant }, Secrets = Secrets };

    private async Task RunHiddenAsync(LoadMode mode, bool? fails = false)
    {
        using var bench = HiddenBench();
        var failed = (await bench.RunAsync(mode, "orders")).Count > 0;
        if (fails is { } expected)
            Assert.True(failed == expected, bench.Progress("orders").Error);
        Assert.Equal(0, bench.Leftovers());
    }

    /// <summary>The rows are those that a load in clear leaves, each id replaced; and they are in order.</summary>
    private void AssertSame()
    {
        using var clear = new LoadingBench(Schema, Settings) { Tenants = { ["orders"] = Tenant } };
        Assert.Empty(clear.LoadAsync("orders").GetAwaiter().GetResult());
        foreach (var (table, columns) in new (TableSchema, string[])[] { (Orders, ["id", "name"]), (Lines, ["orders_id", "id", "text"]), (Parts, ["orders_id", "lines_id", "_position", "text"]) })
        {
            var expected = clear.Store.Read(LoadingBench.Connection, table, columns).Select(static row => row.Split('|'))
                .Select(row => (Key: Token(long.Parse(row[0], CultureInfo.InvariantCulture)), Values: string.Join('|', row[1..]))).OrderBy(static row => row.Key).Select(static row => $"{row.Key}|{row.Values}");
            Assert.Equal(expected, Rows(table, columns));
            var chunks = Store.Find("test", table.Name)!.Chunks;
            Assert.All(chunks.Zip(chunks.Skip(1)), static pair => Assert.True(pair.First.MaxKey < pair.Second.MinKey));
        }
    }

    /// <summary>No chunk that was ever stored, staged ones and those of older versions too, and no checkpoint or other state has an id.</summary>
    private void AssertNoIdIsKept()
    {
        foreach (var chunk in Store.Chunks())
            Assert.Equal(0, CountIds(Path.Combine(Store.Folder, chunk)));
        foreach (var (_, value) in State.Values)
            Assert.DoesNotMatch(@"\b777\d{4}\b", value);
    }

    private static long CountIds(string chunk)
    {
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM read_parquet('{chunk}') t WHERE regexp_matches(t::VARCHAR, '\\b777[0-9]{{4}}\\b')";
        return (long)command.ExecuteScalar()!;
    }
}
