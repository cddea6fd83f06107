using System.Collections.Immutable;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Tests.Pseudonyms;

public sealed class PseudonymRulesTests
{
    private static readonly SchemaRevision Catalogue = BuiltInCatalogue.Build(CoupaRelease.Newest);

    private static readonly PseudonymPolicy Defaults = new() { KeyVersion = 1, KeyCheck = "0badcafe" };

    [Fact]
    public void Every_reference_to_a_user_is_covered_in_every_table_and_joins_the_users()
    {
        var result = PseudonymRules.Apply(Catalogue, Defaults);

        Assert.Empty(result.Report.Problems);
        string[] domains = ["user.login", "user.email", "user.name", "user.employee-number"];
        string[] fields = ["login", "email", "fullname", "employee-number"];
        var references = 0;
        foreach (var column in result.Schema.Tables.SelectMany(static table => table.Columns).Where(static column => column.Origin?.Class is "User" or "UserSimple"))
        {
            var kind = Array.IndexOf(fields, column.Origin!.Field);
            if (kind < 0)
                continue;

            references++;
            Assert.Equal((PseudonymAlgorithm.HmacSha256, domains[kind], 1), (column.Pseudonym!.Algorithm, column.Pseudonym.Domain, column.Pseudonym.KeyVersion));
        }

        Assert.InRange(references, 500, 5_000);
        Assert.Equal("user.login", Column(result, "invoices", "created_by_login").Pseudonym!.Domain);
        Assert.Equal("user.login", Column(result, "approvals", "approver_login").Pseudonym!.Domain);
        Assert.Equal("user.login", Column(result, "users", "login").Pseudonym!.Domain);
        Assert.Null(Column(result, "invoices", "created_by_id").Pseudonym);
        Assert.Null(Column(result, "invoices", "supplier_name").Pseudonym);
        Assert.Equal(PseudonymAlgorithm.Redact, Column(result, "invoices", "internal_note").Pseudonym!.Algorithm);
        Assert.Null(Column(result, "addresses", "street1").Pseudonym); // addresses are by choice
    }

    [Fact]
    public void Every_built_in_rule_names_fields_that_the_catalogue_has()
    {
        var all = new PseudonymPolicy { Rules = [.. BuiltInRules.All.Where(static rule => !rule.Enabled).Select(static rule => new PseudonymRule { Name = rule.Name })] };

        var used = PseudonymRules.Apply(Catalogue, all).Report.Columns.Select(static column => column.Rule).ToHashSet();

        Assert.Equal(BuiltInRules.All.Select(static rule => rule.Name).Order(), used.Order());
        foreach (var target in BuiltInRules.All.SelectMany(static rule => rule.Targets))
            Assert.True(CatalogueData.Instance.Classes[target.Class!].Any(field => target.Field!.EndsWith("**", StringComparison.Ordinal) || field.Name == target.Field), $"{target}");
    }

    [Fact]
    public void What_the_catalogue_does_not_have_is_covered_unless_a_rule_keeps_it()
    {
        var schema = WithColumns("invoices", Custom("custom_fields_buyer", ColumnType.String), Custom("custom_fields_plant", ColumnType.String), Custom("custom_fields_limit", ColumnType.Decimal));
        var keep = new PseudonymRule { Name = "plants", Targets = [new() { Column = "custom_fields_plant" }], Algorithm = PseudonymAlgorithm.Keep };

        var result = PseudonymRules.Apply(schema, Defaults with { Rules = [keep] });

        Assert.Equal((BuiltInRules.CustomFields, BuiltInRules.CustomDomain), (Column(result, "invoices", "custom_fields_buyer").Pseudonym!.Rule, Column(result, "invoices", "custom_fields_buyer").Pseudonym!.Domain));
        Assert.Null(Column(result, "invoices", "custom_fields_plant").Pseudonym);
        Assert.Contains(result.Report.Columns, static column => column is { Column: "custom_fields_plant", Rule: "plants", Algorithm: PseudonymAlgorithm.Keep });
        Assert.Null(Column(result, "invoices", "custom_fields_limit").Pseudonym);
        Assert.Null(Column(PseudonymRules.Apply(schema, Defaults with { UseBuiltInRules = false }), "invoices", "custom_fields_buyer").Pseudonym);
    }

    [Theory]
    [InlineData("**_email", null, null, null, "suppliers.po_email", "invoices.created_by_email")]
    [InlineData("*_email", null, null, null, "suppliers.po_email", null)]
    [InlineData(null, null, null, "invoice-lines.created-by.login", "invoice_lines.created_by_login", null)]
    [InlineData(null, null, null, "**.created-by.login", "invoice_lines.created_by_login", "users_roles.created_by_login")]
    [InlineData(null, "UserSimple", "login", null, "invoice_lines.created_by_login", "users_roles.created_by_login")]
    [InlineData(null, "Supplier", "name", null, "suppliers.name", "invoices.supplier_name")]
    public void Targets_name_columns_by_table_pattern_class_or_path(string? column, string? @class, string? field, string? path, string hit, string? second)
    {
        var rule = new PseudonymRule { Name = "mine", Targets = [new() { Column = column, Class = @class, Field = field, Path = path }], Algorithm = PseudonymAlgorithm.Redact };

        var covered = PseudonymRules.Apply(Catalogue, Defaults with { Rules = [rule] }).Report.Columns.Where(static column => column.Rule == "mine")
            .Select(static column => $"{column.Table}.{column.Column}").ToArray();

        Assert.Contains(hit, covered);
        if (second is not null)
            Assert.Contains(second, covered);
        else
            Assert.DoesNotContain("invoices.created_by_email", covered);
    }

    [Fact]
    public void Built_in_rules_can_be_switched_off_on_and_changed_by_name()
    {
        ImmutableArray<PseudonymRule> rules =
        [
            new() { Name = "user-login", Enabled = false },
            new() { Name = "addresses" },
            new() { Name = "user-email", Algorithm = PseudonymAlgorithm.EmailDomain },
        ];

        var result = PseudonymRules.Apply(Catalogue, Defaults with { Rules = rules });

        Assert.Null(Column(result, "users", "login").Pseudonym);
        Assert.Equal("address", Column(result, "addresses", "street1").Pseudonym!.Domain);
        Assert.Equal((PseudonymAlgorithm.EmailDomain, "user.email"), (Column(result, "users", "email").Pseudonym!.Algorithm, Column(result, "users", "email").Pseudonym!.Domain));
        Assert.Empty(result.Report.UnmatchedRules);
        Assert.Contains(result.Report.LooksPersonal, static look => look is { Table: "users", Column: "login", Word: "login" });
    }

    [Fact]
    public void A_more_exact_rule_decides_and_equal_ones_that_differ_are_a_problem_that_never_ends_in_clear_text()
    {
        ImmutableArray<PseudonymRule> rules =
        [
            new() { Name = "all-mail", Targets = [new() { Column = "**email" }], Algorithm = PseudonymAlgorithm.Keep },
            new() { Name = "user-mail", Targets = [new() { Table = "users", Column = "email" }], Algorithm = PseudonymAlgorithm.Redact },
            new() { Name = "po-mail", Targets = [new() { Column = "po_**" }], Algorithm = PseudonymAlgorithm.Null },
        ];

        var result = PseudonymRules.Apply(Catalogue, Defaults with { Rules = rules });

        Assert.Equal("user-mail", Column(result, "users", "email").Pseudonym!.Rule);
        Assert.Null(Column(result, "invoices", "created_by_email").Pseudonym);
        Assert.Contains(
            "Table suppliers, column po_email: the rules 'all-mail' and 'po-mail' contradict each other. Name the column in a rule of its own, or switch one off.", result.Report.Problems);
        Assert.Equal(PseudonymAlgorithm.Null, Column(result, "suppliers", "po_email").Pseudonym!.Algorithm);
    }

    [Fact]
    public void Rules_about_keys_and_rules_that_match_nothing_are_reported_by_name()
    {
        ImmutableArray<PseudonymRule> rules =
        [
            new() { Name = "ids", Targets = [new() { Table = "users", Column = "id" }] },
            new() { Name = "nothing", Targets = [new() { Column = "no_such_**" }] },
            new() { Name = "parents", Targets = [new() { Table = "users_roles", Column = "users_id" }] },
            new() { Name = "keeps", Targets = [new() { Table = "invoices", Column = "id" }], Algorithm = PseudonymAlgorithm.Keep },
        ];

        var report = PseudonymRules.Apply(Catalogue, Defaults with { Rules = rules }).Report;

        Assert.Equal(["nothing"], report.UnmatchedRules);
        Assert.Equal(2, report.Problems.Length);
        Assert.StartsWith("Table users, column id: the rule 'ids' is about a key", report.Problems[0], StringComparison.Ordinal);
        Assert.StartsWith("Table users_roles, column users_id: the rule 'parents'", report.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_marked_column_is_a_text_and_its_mark_counts_in_the_fingerprint_of_its_table_only()
    {
        var before = PseudonymRules.Apply(Catalogue, Defaults).Schema;
        var rotated = PseudonymRules.Apply(Catalogue, Defaults with { KeyVersion = 2 }).Schema;
        var otherKey = PseudonymRules.Apply(Catalogue, Defaults with { KeyCheck = "11111111" }).Schema;
        var months = PseudonymRules.Apply(Catalogue, Defaults with
        {
            Rules = [new() { Name = "months", Targets = [new() { Table = "invoices", Column = "invoice_date" }], Algorithm = PseudonymAlgorithm.DateToMonth }],
        }).Schema;

        Assert.Equal(ColumnType.String, Table(months, "invoices").Columns.Single(static column => column.Name == "invoice_date").Type);
        Assert.Equal(["invoices"], Changed(before, months));
        Assert.Contains("users", Changed(before, rotated));
        Assert.Equal(Changed(before, rotated), Changed(before, otherKey));
        Assert.Equal(
            before.Tables.Where(static table => table.Columns.Any(static column => column.Pseudonym?.KeyVersion is not null)).Select(static table => table.Name), Changed(before, rotated));
        Assert.Equal([], Changed(before, PseudonymRules.Apply(Catalogue, Defaults).Schema));
    }

    private static IEnumerable<string> Changed(SchemaRevision left, SchemaRevision right) =>
        left.Tables.Zip(right.Tables).Where(static pair => pair.First.Fingerprint != pair.Second.Fingerprint).Select(static pair => pair.First.Name);

    private static TableSchema Table(SchemaRevision schema, string name) => schema.TryGetTable(name, out var table) ? table : throw new ArgumentException(name, nameof(name));

    private static ColumnSchema Column(PseudonymResult result, string table, string column) => Table(result.Schema, table).Columns.Single(candidate => candidate.Name == column);

    private static ColumnSchema Custom(string name, ColumnType type) => new() { Name = name, Type = type, Path = ["custom-fields", name["custom_fields_".Length..]] };

    private static SchemaRevision WithColumns(string table, params ColumnSchema[] columns) =>
        new(Catalogue.Tables.Select(candidate => candidate.Name == table ? candidate with { Columns = [.. candidate.Columns, .. columns] } : candidate));
}
