using System.Globalization;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Tests.Custom;

public sealed class MetadataComposerTests
{
    [Fact]
    public void A_new_table_gets_keys_types_nested_tables_and_a_projection()
    {
        var result = Metadata.Compose(Metadata.Resource("expenses", """
            "columns":["title","updated-at",{"name":"total","type":"DECIMAL"}],
            "nestedFields":[{"name":"currency","columns":["code"]}],
            "nestedArrays":[{"name":"expense-lines","columns":["id",{"name":"amount","type":"DECIMAL"}],"nestedArrays":[{"name":"attendees","displayName":"guests","columns":["name"]}]}]
            """, "expense_reports"));

        var table = result.Table("expenses");
        Assert.Equal(["id", "title", "updated_at", "total", "currency_code", "_position", "_changed_at"], table.Columns.Select(static column => column.Name));
        Assert.Equal([ColumnType.Int64, ColumnType.String, ColumnType.DateTime, ColumnType.Decimal, ColumnType.String], table.Columns[..5].Select(static column => column.Type));
        Assert.Equal(("/api/expense_reports", "updated_at", true), (table.Resource!.Path, table.Resource.Watermark, table.Resource.IdIsUnique));
        Assert.Equal("""["id","title","updated_at","total",{"currency":["code"]},{"expense_lines":["id","amount",{"attendees":["name"]}]}]""", table.Resource.Projection);
        Assert.Equal(["expenses_id", "id"], result.Table("expenses_expense_lines").Key.Select(static column => column.Name));
        Assert.Equal(["expenses_id", "expenses_expense_lines_id", "_position"], result.Table("guests").Key.Select(static column => column.Name));
        Assert.All(result.Schema.Family("expenses"), static added => Assert.Equal(SchemaSource.Custom, added.Source));
        Assert.Equal(MetadataSeverity.Information, result.Findings.Only(MetadataCodes.KeyAdded).Severity);
    }

    [Fact]
    public void A_known_table_gets_columns_and_nested_tables_and_keeps_what_it_had()
    {
        var before = Metadata.Compose("{}").Table("suppliers");
        var result = Metadata.Compose(Metadata.Resource("suppliers", """
            "columns":[{"name":"legacy-vendor-group","type":"STRING","description":"Group in the old system."}],
            "nestedFields":[{"name":"custom-fields","columns":[{"name":"budget-limit","type":"DECIMAL"}]},{"name":"primary-contact","columns":["email"]}],
            "nestedArrays":[{"name":"aliases","columns":["name"]}]
            """));

        var table = result.Table("suppliers");
        Assert.Equal(before.Columns, table.Columns.Where(column => before.Columns.Contains(column)));
        Assert.Equal(["legacy_vendor_group", "custom_fields_budget_limit"], table.Columns.Where(static column => column is { Source: SchemaSource.Custom, Origin: null }).Select(static column => column.Name));
        Assert.Equal("_changed_at", table.Columns[^1].Name);
        Assert.NotEqual(before.Fingerprint, table.Fingerprint);
        Assert.Contains("legacy_vendor_group", table.Resource!.Projection, StringComparison.Ordinal);
        Assert.Contains("custom_fields", table.Resource.Projection, StringComparison.Ordinal);
        Assert.Equal("suppliers", result.Table("suppliers_aliases").Parent);
        Assert.Equal(Metadata.Compose("{}").Table("invoices").Fingerprint, result.Table("invoices").Fingerprint);
    }

    [Fact]
    public void A_path_that_the_catalogues_classes_know_has_their_type_and_origin()
    {
        var result = Metadata.Compose(Metadata.Resource("invoices", """ "nestedFields":[{"name":"created-by","columns":["created-at"]}] """));
        var column = result.Table("invoices").Columns.Single(static column => column.Name == "created_by_created_at");
        Assert.Equal((ColumnType.DateTime, "created-at"), (column.Type, column.Origin?.Field));
    }

    [Theory]
    [InlineData("\"columns\":[{\"name\":\"number\",\"type\":\"STRING\",\"primaryKey\":true}]", MetadataCodes.BadKey)]
    [InlineData("\"columns\":[{\"name\":\"id\",\"type\":\"STRING\"}]", MetadataCodes.BadKey)]
    [InlineData("\"columns\":[{\"name\":\"a\",\"primaryKey\":true},{\"name\":\"b\",\"primaryKey\":true}]", MetadataCodes.BadKey)]
    [InlineData("\"columns\":[\"a-b\",\"a_b\"]", MetadataCodes.ColumnTwice)]
    [InlineData("\"columns\":[\"a b\"],\"nestedFields\":[{\"name\":\"a\",\"columns\":[\"b\"]}]", MetadataCodes.NameTaken)]
    [InlineData("\"columns\":[]", MetadataCodes.NoColumns)]
    [InlineData("\"columns\":[\"id\"],\"nestedArrays\":[{\"name\":\"x\",\"displayName\":\"things\",\"columns\":[\"a\"]}]", MetadataCodes.NameTaken)]
    [InlineData("\"columns\":[\"id\"],\"nestedArrays\":[{\"name\":\"x\",\"displayName\":\"deleted_records\",\"columns\":[\"a\"]}]", MetadataCodes.NameTaken)]
    [InlineData("\"columns\":[\"id\"],\"nestedArrays\":[{\"name\":\"x\",\"displayName\":\"invoice_lines\",\"columns\":[\"a\"]}]", MetadataCodes.NameTaken)]
    public void What_cannot_be_a_table_is_an_error_and_takes_nothing_else_along(string content, string code)
    {
        var result = Metadata.Compose(Metadata.Resource("things", content));
        Assert.Equal(MetadataSeverity.Error, result.Findings.First(finding => finding.Code == code).Severity);
        Assert.True(result.Schema.TryGetTable("suppliers", out _));
    }

    [Fact]
    public void A_source_that_is_missing_or_another_than_the_tables_own_is_an_error()
    {
        Assert.Equal("/resources/0", Metadata.Compose("""{"resources":[{"displayName":"things","columns":["id"]}]}""").Findings.Only(MetadataCodes.NoSource).Pointer);
        var other = Metadata.Compose(Metadata.Resource("suppliers", """ "columns":["x"] """, "users"));
        Assert.Equal(MetadataSeverity.Error, other.Findings.Only(MetadataCodes.OtherUrl).Severity);
        Assert.DoesNotContain(other.Table("suppliers").Columns, static column => column.Name == "x");
    }

    [Fact]
    public void Names_that_odata_does_not_know_are_repaired_and_told()
    {
        var result = Metadata.Compose(Metadata.Resource("2 things!", """ "columns":["id","straße","net %","1st"] """, "things"));
        Assert.Equal(["id", "straße", "net__", "x1st"], result.Table("x2_things_").Columns.Where(static column => column.Kind == ColumnKind.Field).Select(static column => column.Name));
        Assert.Equal(3, result.Findings.Count(static finding => finding is { Code: MetadataCodes.NameRepaired, Severity: MetadataSeverity.Warning }));
    }

    [Fact]
    public void What_is_newer_than_the_instance_is_left_out_and_told()
    {
        const string Content = """ "columns":["id",{"name":"young","availableSince":"R30"}],"nestedArrays":[{"name":"kids","availableSince":"R31","columns":["a"]}] """;
        var old = Metadata.Compose(Metadata.Resource("things", Content), "R29");
        Assert.DoesNotContain(old.Table("things").Columns, static column => column.Name == "young");
        Assert.Equal([("things", "young"), ("things_kids", null)], old.LeftOut.Select(static left => (left.Table, left.Column)));
        Assert.Equal(2, old.Findings.Count(static finding => finding.Code == MetadataCodes.Newer));
        Assert.Contains(Metadata.Compose(Metadata.Resource("things", Content), "R30").Table("things").Columns, static column => column.Name == "young");
    }

    [Fact]
    public void Columns_and_nested_tables_can_be_excluded_but_no_key()
    {
        var result = Metadata.Compose(Metadata.Resource("suppliers", """ "exclude":["status","supplier_addresses","id","nonsense"] """));
        Assert.DoesNotContain(result.Table("suppliers").Columns, static column => column.Name == "status");
        Assert.Contains(result.LeftOut, static left => left is { Table: "suppliers", Column: "status", Source: SchemaSource.Catalogue });
        Assert.Equal("/resources/0/exclude/2", result.Findings.Only(MetadataCodes.BadKey).Pointer);
        Assert.Contains(result.Findings, static finding => finding is { Code: MetadataCodes.MatchesNothing, Pointer: "/resources/0/exclude/3" });
        Assert.DoesNotContain("\"status\"", result.Table("suppliers").Resource!.Projection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_built_in_table_that_the_connection_does_not_select_stays_out()
    {
        var result = Metadata.Compose(Metadata.Resource("users", """ "columns":["x"] """));
        Assert.False(result.Schema.TryGetTable("users", out _));
        Assert.Equal(MetadataSeverity.Warning, result.Findings.Only(MetadataCodes.NotSelected).Severity);
    }

    [Fact]
    public void Pseudonyms_of_the_document_become_rules()
    {
        var result = Metadata.Compose(Metadata.Resource("things", """
            "columns":["id",{"name":"contact","pseudonymize":{"algorithm":"hmac-sha-256","domain":"user.email"}},{"name":"plant","pseudonymize":false},"note"],"pseudonymize":{"no*":"redact"}
            """));
        var marked = PseudonymRules.Apply(result.Schema, new PseudonymPolicy { Rules = result.Rules }).Schema;
        Assert.True(marked.TryGetTable("things", out var table));
        var marks = table.Columns.ToDictionary(static column => column.Name, static column => column.Pseudonym);
        Assert.Equal("user.email", marks["contact"]!.Domain);
        Assert.Null(marks["plant"]);
        Assert.Equal(PseudonymAlgorithm.Redact, marks["note"]!.Algorithm);
    }

    [Fact]
    public void Other_parameters_or_another_resource_make_another_fingerprint()
    {
        string Fingerprint(string content, string url = "things") => Metadata.Compose(Metadata.Resource("things", $""" "columns":["id"]{content} """, url)).Table("things").Fingerprint;
        Assert.Equal(3, new[] { Fingerprint(""), Fingerprint(""","query":{"status":"new"}"""), Fingerprint("", "others") }.Distinct().Count());
        Assert.Equal(Fingerprint(""), Fingerprint(""","description":"Things." """));
    }

    [Fact]
    public void Tables_nested_too_deep_and_tables_too_wide_are_errors()
    {
        var deep = "\"columns\":[\"id\"]";
        for (var level = 0; level <= MetadataLimits.TableDepth; level++)
            deep = $$""" "columns":["id"],"nestedArrays":[{"name":"n{{level}}",{{deep}}}] """;
        Assert.NotEmpty(Metadata.Compose(Metadata.Resource("things", deep)).Findings.Where(static finding => finding.Code == MetadataCodes.TooDeep));

        var columns = string.Join(',', Enumerable.Range(0, SchemaLimits.ColumnsPerTable).Select(static number => string.Create(CultureInfo.InvariantCulture, $"\"c{number}\"")));
        Assert.Equal(MetadataSeverity.Error, Metadata.Compose(Metadata.Resource("things", $"\"columns\":[{columns}]")).Findings.Only(MetadataCodes.TooWide).Severity);
        Assert.Equal(MetadataSeverity.Error, Metadata.Compose(Metadata.Resource("suppliers", $"\"columns\":[{columns}]")).Findings.Only(MetadataCodes.TooWide).Severity);
    }
}
