using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Tests.Flattening;
using CoupaGateway.Sync.Tests.Loading;

namespace CoupaGateway.Sync.Tests.Pseudonyms;

public sealed class PseudonymizerTests
{
    private static readonly PseudonymMark Login = TestSecrets.Mark(PseudonymAlgorithm.HmacSha256, "user.login");

    [Fact]
    public void Columns_of_one_domain_join_across_tables_and_others_do_not()
    {
        var users = TestSchemas.Api("users", TestSecrets.Marked("login", Login), TestSecrets.Marked("email", TestSecrets.Mark(PseudonymAlgorithm.HmacSha256, "user.email")));
        var roles = TestSchemas.Nested(users, "roles", ["roles"], hasId: true, TestSecrets.Marked("created_by_login", Login) with { Path = ["created-by", "login"] });
        using var bench = new FlattenBench(TestSecrets.Of(1), users, roles);

        bench.Add("""[{"id":1,"login":"jane","email":"jane","roles":[{"id":2,"created_by":{"login":"JANE"}}]}]""");

        var user = bench.Read(0, "login", "email")[0].Split('|');
        Assert.Equal([user[0]], bench.Read(1, "created_by_login"));
        Assert.NotEqual(user[0], user[1]);
    }

    [Fact]
    public void Values_are_counted_and_columns_in_clear_are_watched_for_what_looks_personal()
    {
        var things = TestSchemas.Api("things", TestSecrets.Marked("login", Login), TestSchemas.Field("text", ColumnType.String), TestSchemas.Field("code", ColumnType.String));
        using var bench = new FlattenBench(TestSecrets.Of(1), things);

        bench.Add("""
            [{"id":1,"login":"a","text":"write to jane.doe@example.com","code":"0049"},
             {"id":2,"login":"","text":"+49 (89) 123-4567","code":"2026-01-01"},
             {"id":3,"login":null,"text":"DE89 3704 0044 0532 0130 00","code":"+1"},
             {"id":4,"login":"a","text":"GB82WEST12345698765432","code":"DE88370400440532013000"},
             {"id":5,"login":"b","text":"@home","code":"12345678901"}]
            """);

        Assert.Equal([new PseudonymCount("things", "login", 3)], bench.Pseudonyms.Counts);
        Assert.Equal([new PersonalValues("things", "text", 1, 1, 2)], bench.Pseudonyms.PersonalValues);
        Assert.Equal(["write to jane.doe@example.com"], bench.Read(0, "text").Take(1));
    }

    [Fact]
    public void A_family_with_marks_cannot_be_flattened_without_its_pseudonyms() =>
        Assert.Throws<ArgumentException>(() => Sync.Flattening.FlattenPlan.Compile([TestSchemas.Api("users", TestSecrets.Marked("login", Login))]));

    [Theory]
    [InlineData(PseudonymAlgorithm.HmacSha256)]
    [InlineData(PseudonymAlgorithm.Sha256Salted)]
    public async Task Without_its_secret_nothing_of_the_connection_is_loaded_and_the_progress_says_why(PseudonymAlgorithm algorithm)
    {
        var users = TestSchemas.Api("users", TestSecrets.Marked("login", TestSecrets.Mark(algorithm, "user.login") with { KeyVersion = null, SecretCheck = null }));
        var orders = TestSchemas.Api("orders", TestSchemas.Field("name", ColumnType.String));
        using var bench = new LoadingBench(new SchemaRevision([users, orders]));
        bench.Sources["users"] = new FakeSource([(1, """{"id":1,"login":"jane"}""")]);
        bench.Sources["orders"] = new FakeSource([(1, """{"id":1,"name":"jane"}""")]);

        Assert.Equal(["users", "orders"], await bench.LoadAsync("users", "orders"));

        Assert.Null(bench.Store.Find("test", "orders"));
        Assert.Null(bench.Store.Find("test", "users"));
        Assert.Equal(TableState.Failed, bench.Progress("orders").State);
        Assert.Contains(algorithm == PseudonymAlgorithm.HmacSha256 ? "no key" : "salt", bench.Progress("orders").Error, StringComparison.Ordinal);
        Assert.Equal(0, bench.Sources["users"].Requests);
    }

    [Fact]
    public void A_key_that_was_exchanged_in_its_place_is_refused()
    {
        var users = TestSchemas.Api("users", TestSecrets.Marked("login", Login));
        var others = new PseudonymSecrets(new Dictionary<int, byte[]> { [1] = new byte[32] });

        var error = Assert.Throws<PseudonymKeyException>(() => new Pseudonymizer([users], others));

        Assert.Contains("version of its own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weak_secrets_are_refused_and_no_message_or_text_shows_one()
    {
        var key = Assert.Throws<PseudonymKeyException>(static () => new PseudonymSecrets(new Dictionary<int, byte[]> { [3] = "0123456789abcdef"u8.ToArray() }));
        var salt = Assert.Throws<PseudonymKeyException>(static () => new PseudonymSecrets(new Dictionary<int, byte[]>(), "short"u8.ToArray()));
        var version = Assert.Throws<PseudonymKeyException>(static () => new PseudonymSecrets(new Dictionary<int, byte[]> { [100] = new byte[32] }));

        Assert.Equal("The key of version 3 has 16 bytes; it needs at least 32, drawn by chance.", key.Message);
        Assert.Contains("at least 8", salt.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 99", version.Message, StringComparison.Ordinal);
        Assert.Equal("secrets with 2 keys", TestSecrets.Of(1, 2).ToString());
    }
}
