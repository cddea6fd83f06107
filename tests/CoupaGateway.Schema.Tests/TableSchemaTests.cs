using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Tests;

public sealed class TableSchemaTests
{
    private static readonly ColumnSchema Id = new() { Name = "id", Type = ColumnType.Int64, IsKey = true, Path = ["id"] };

    private static readonly TableSchema Table = new() { Name = "invoices", Columns = [Id] };

    [Fact]
    public void The_fingerprint_follows_name_type_and_key_of_every_column()
    {
        var other = new ColumnSchema { Name = "total", Type = ColumnType.Decimal, Path = ["total"] };
        var fingerprints = new[]
        {
            Table.Fingerprint,
            (Table with { Name = "orders" }).Fingerprint,
            (Table with { Columns = [Id, other] }).Fingerprint,
            (Table with { Columns = [Id, other with { Type = ColumnType.String }] }).Fingerprint,
            (Table with { Columns = [Id, other with { IsKey = true }] }).Fingerprint,
        };

        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
        Assert.Equal(Table.Fingerprint, (Table with { Description = "x" }).Fingerprint);
    }

    [Fact]
    public void A_copy_with_other_columns_has_their_key()
    {
        var copy = Table with { Columns = [Id with { Name = "number" }] };

        Assert.Equal("number", Assert.Single(copy.Key).Name);
    }

    [Fact]
    public void A_revision_s_fingerprint_follows_descriptions_too()
    {
        var first = new SchemaRevision([Table]);

        Assert.NotEqual(first.Fingerprint, new SchemaRevision([Table with { Description = "x" }]).Fingerprint);
        Assert.NotEqual(first.Fingerprint, new SchemaRevision([Table with { Columns = [Id with { AllowedValues = ["1"] }] }]).Fingerprint);
        Assert.Equal(first.Fingerprint, new SchemaRevision([Table with { }]).Fingerprint);
    }

    [Fact]
    public void Another_key_of_pseudonyms_needs_other_chunks_but_is_the_same_to_readers()
    {
        var mark = new PseudonymMark { Algorithm = PseudonymAlgorithm.HmacSha256, Domain = "user.login", KeyVersion = 1, SecretCheck = "90c3f2a1", Rule = "logins" };
        var (table, otherKey, otherDomain, otherLength) =
            (Marked(mark), Marked(mark with { KeyVersion = 2, SecretCheck = "11111111" }), Marked(mark with { Domain = "user.email" }), Marked(mark with { Length = 3 }));

        Assert.NotEqual(table.Fingerprint, otherKey.Fingerprint);
        Assert.Equal(new SchemaRevision([table]).Fingerprint, new SchemaRevision([otherKey]).Fingerprint);
        Assert.NotEqual(new SchemaRevision([table]).Fingerprint, new SchemaRevision([otherDomain]).Fingerprint);
        Assert.NotEqual(new SchemaRevision([table]).Fingerprint, new SchemaRevision([otherLength]).Fingerprint);
        Assert.NotEqual(new SchemaRevision([table]).Fingerprint, new SchemaRevision([Marked(null)]).Fingerprint);

        static TableSchema Marked(PseudonymMark? mark) => Table with { Columns = [Id, new ColumnSchema { Name = "login", Type = ColumnType.String, Path = ["login"], Pseudonym = mark }] };
    }

    [Fact]
    public void Two_tables_of_one_name_are_refused() => Assert.Throws<ArgumentException>(() => new SchemaRevision([Table, Table]));
}
