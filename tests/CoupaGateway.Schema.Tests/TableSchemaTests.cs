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
    public void Two_tables_of_one_name_are_refused() => Assert.Throws<ArgumentException>(() => new SchemaRevision([Table, Table]));
}
