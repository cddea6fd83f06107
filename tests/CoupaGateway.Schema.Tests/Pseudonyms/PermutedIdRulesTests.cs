using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Tests.Pseudonyms;

/// <summary>Ids as pseudonyms: all that refer to the same records, or none.</summary>
public sealed class PermutedIdRulesTests
{
    private static readonly SchemaRevision Catalogue = BuiltInCatalogue.Build(CoupaRelease.Newest);

    [Fact]
    public void The_built_in_rule_covers_the_ids_of_users_and_every_reference_and_leaves_them_numbers_and_keys()
    {
        var result = Apply(new PseudonymRule { Name = "user-ids" });

        Assert.Empty(result.Report.Problems);
        var users = result.Schema.Tables.SelectMany(static table => table.Columns).Where(static column => column.Origin is { Class: "User" or "UserSimple", Field: "id" }).ToArray();
        Assert.InRange(users.Length, 100, 5_000);
        Assert.All(users, static column => Assert.Equal((PseudonymAlgorithm.IdPermutation, "user.id", ColumnType.Int64), (column.Pseudonym!.Algorithm, column.Pseudonym.Domain, column.Type)));
        Assert.True(Column(result, "users", "id").IsKey);
        Assert.Equal("user.id", Column(result, "approvals", "approver_id").Pseudonym!.Domain);
        var below = result.Schema.Tables.Where(static table => table.Root == "users" && table.Name != "users").ToArray();
        Assert.NotEmpty(below);
        Assert.All(below, table => Assert.Equal("user.id", Column(result, table.Name, "users_id").Pseudonym!.Domain));
        Assert.Contains(result.Report.Columns, static column => column is { Column: "users_id", Rule: "user-ids", Domain: "user.id" });
        Assert.Null(Column(result, "invoices", "id").Pseudonym);
        Assert.Null(Column(result, "invoices", "supplier_id").Pseudonym);
        Assert.True(Column(result, "invoices", "created_by_id").IsTokenOnly);
        Assert.False(Column(result, "users", "id").IsTokenOnly);
    }

    [Fact]
    public void Without_the_rule_ids_stay() =>
        Assert.DoesNotContain(PseudonymRules.Apply(Catalogue, new() { KeyVersion = 1, KeyCheck = "0badcafe" }).Report.Columns, static column => column.Algorithm == PseudonymAlgorithm.IdPermutation);

    [Fact]
    public void References_that_are_left_in_clear_are_told_by_table_and_column()
    {
        var only = Ids("only-users", new() { Table = "users", Column = "id" }, "user.id");
        var keeps = new PseudonymRule { Name = "keeps", Targets = [new() { Table = "invoices", Column = "created_by_id" }], Algorithm = PseudonymAlgorithm.Keep };

        Assert.Contains(Apply(only).Report.Problems, static problem => problem.StartsWith("Table invoices, column created_by_id: it holds the same ids as", StringComparison.Ordinal));
        Assert.StartsWith("Table invoices, column created_by_id: it holds the same ids as", Assert.Single(Apply(new PseudonymRule { Name = "user-ids" }, keeps).Report.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_an_ancestor_alone_is_told()
    {
        var problems = Apply(Ids("parents", new() { Table = "users_roles", Column = "users_id" }, "user.id")).Report.Problems;
        Assert.StartsWith("Table users_roles, column users_id: the rule 'parents' is about a key that repeats the one of users", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_domain_has_ids_or_other_tokens()
    {
        var problems = Apply(Ids("suppliers", new() { Class = "Supplier", Field = "id" }, "user.login")).Report.Problems;
        Assert.Contains(problems, static problem => problem.Contains("makes other tokens in the domain 'user.login' than the rule 'suppliers'", StringComparison.Ordinal));
    }

    [Fact]
    public void What_holds_no_ids_is_told_and_the_algorithm_is_no_default()
    {
        var problems = Apply(Ids("dates", new() { Table = "invoices", Column = "invoice_date" }, "dates")).Report.Problems;
        Assert.StartsWith("Table invoices, column invoice_date: the rule 'dates' is for ids", Assert.Single(problems), StringComparison.Ordinal);
        Assert.False(PseudonymAlgorithms.CanBeDefault(PseudonymAlgorithm.IdPermutation));
    }

    private static PseudonymRule Ids(string name, PseudonymTarget target, string domain) => new() { Name = name, Targets = [target], Algorithm = PseudonymAlgorithm.IdPermutation, Domain = domain };

    private static PseudonymResult Apply(params ImmutableArray<PseudonymRule> rules) => PseudonymRules.Apply(Catalogue, new() { KeyVersion = 1, KeyCheck = "0badcafe", Rules = rules });

    private static ColumnSchema Column(PseudonymResult result, string table, string column) =>
        result.Schema.TryGetTable(table, out var found) ? found.Columns.Single(candidate => candidate.Name == column) : throw new ArgumentException(table, nameof(table));
}
