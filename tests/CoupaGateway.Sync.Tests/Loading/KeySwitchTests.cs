using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Tests.Pseudonyms;

namespace CoupaGateway.Sync.Tests.Loading;

public sealed class KeySwitchTests : IDisposable
{
    private readonly LoadingBench _bench = new(SchemaWith(key: 1)) { Secrets = TestSecrets.Of(1, 2) };

    public KeySwitchTests()
    {
        _bench.Sources["users"] = new FakeSource([(1, """{"id":1,"login":"jane"}""")]);
        _bench.Sources["invoices"] = new FakeSource([(7, """{"id":7,"creator":"jane","lines":[{"id":1,"editor":"jane"}]}""")]);
        _bench.Sources["currencies"] = new FakeSource([(3, """{"id":3,"code":"EUR"}""")]);
    }

    [Fact]
    public async Task Tables_with_tokens_change_to_a_new_key_in_one_commit_when_the_last_is_read()
    {
        Assert.Empty(await _bench.LoadAsync("users", "invoices", "currencies"));
        var before = Token();
        Assert.StartsWith("k01_", before, StringComparison.Ordinal);
        _bench.Schema = SchemaWith(key: 2);
        _bench.Store.Commits.Clear();

        Assert.Equal(LoadOutcome.Held, await RunAsync("users"));

        Assert.Empty(_bench.Store.Commits);
        Assert.Equal(before, Token());
        var held = _bench.Progress("users");
        Assert.Equal(TableState.Waiting, held.State);
        Assert.Contains("invoices", held.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("currencies", held.Error, StringComparison.Ordinal);

        Assert.Equal(LoadOutcome.Succeeded, await RunAsync("invoices"));

        Assert.Equal(["users, invoices, lines"], _bench.Store.Commits);
        Assert.StartsWith("k02_", Token(), StringComparison.Ordinal);
        Assert.Equal([Token()], _bench.Store.Read(LoadingBench.Connection, Table("invoices"), "creator"));
        Assert.Equal([Token()], _bench.Store.Read(LoadingBench.Connection, Table("lines"), "editor"));

        // The one that waited finds its part done, and asks Coupa for nothing.
        var requests = _bench.Sources["users"].Requests;
        Assert.Equal(LoadOutcome.Succeeded, await RunAsync("users"));
        Assert.Equal(requests, _bench.Sources["users"].Requests);
        Assert.Single(_bench.Store.Commits);
        Assert.Empty(await _bench.FindMissingAsync());
        Assert.Equal(0, _bench.Leftovers());
    }

    [Fact]
    public async Task A_table_without_tokens_waits_for_nobody_and_a_new_one_with_tokens_does()
    {
        Assert.Empty(await _bench.LoadAsync("users"));
        _bench.Schema = SchemaWith(key: 2);

        Assert.Equal(LoadOutcome.Succeeded, await RunAsync("currencies"));
        Assert.Equal(LoadOutcome.Held, await RunAsync("invoices"));
        Assert.Equal(LoadOutcome.Succeeded, await RunAsync("users"));
        Assert.Equal(LoadOutcome.Succeeded, await RunAsync("invoices"));

        Assert.Equal([Token()], _bench.Store.Read(LoadingBench.Connection, Table("invoices"), "creator"));
    }

    [Fact]
    public async Task Tables_that_are_read_at_the_same_moment_are_committed_once()
    {
        Assert.Empty(await _bench.LoadAsync("users", "invoices", "currencies"));
        _bench.Schema = SchemaWith(key: 2);

        var outcomes = await Task.WhenAll(RunAsync("users"), RunAsync("invoices"));
        foreach (var (held, table) in outcomes.Zip(["users", "invoices"]).Where(static one => one.First == LoadOutcome.Held))
            Assert.Equal(LoadOutcome.Succeeded, await RunAsync(table));

        Assert.Equal((2, 2, 2), (Version("users"), Version("invoices"), Version("lines")));
        Assert.Equal([Token()], _bench.Store.Read(LoadingBench.Connection, Table("invoices"), "creator"));
        Assert.Empty(await _bench.FindMissingAsync());
    }

    [Fact]
    public async Task What_is_lost_while_it_waits_is_read_again()
    {
        Assert.Empty(await _bench.LoadAsync("users", "invoices"));
        _bench.Schema = SchemaWith(key: 2);
        var known = _bench.Store.Chunks().ToHashSet();
        Assert.Equal(LoadOutcome.Held, await RunAsync("users"));
        _bench.Store.Lose(_bench.Store.Chunks().Single(hash => !known.Contains(hash)));

        Assert.Equal(LoadOutcome.Held, await RunAsync("invoices"));
        Assert.Equal(LoadOutcome.Failed, await RunAsync("users"));
        Assert.True(_bench.Progress("users").IsTransient);
        Assert.Equal(1, Version("users"));
        Assert.Equal(LoadOutcome.Succeeded, await RunAsync("users"));

        Assert.Equal((2, 2, 2), (Version("users"), Version("invoices"), Version("lines")));
        Assert.StartsWith("k02_", Token(), StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private static SchemaRevision SchemaWith(int key)
    {
        var mark = TestSecrets.Mark(PseudonymAlgorithm.HmacSha256, "user.login", version: key);
        var invoices = TestSchemas.Api("invoices", TestSecrets.Marked("creator", mark));
        return new(
        [
            TestSchemas.Api("users", TestSecrets.Marked("login", mark)),
            invoices,
            TestSchemas.Nested(invoices, "lines", ["lines"], hasId: true, TestSecrets.Marked("editor", mark)),
            TestSchemas.Api("currencies", TestSchemas.Field("code", ColumnType.String)),
        ]);
    }

    private Task<LoadOutcome> RunAsync(string table) => _bench.RunAsync(_bench.Job(table, LoadMode.Full) with { RunId = "rotation" });

    private TableSchema Table(string name) => _bench.Schema.Tables.Single(table => table.Name == name);

    private long Version(string table) => _bench.Store.Find(LoadingBench.Connection, table)!.Version;

    private string Token() => Assert.Single(_bench.Store.Read(LoadingBench.Connection, Table("users"), "login"));
}
