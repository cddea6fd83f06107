using System.Text;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema.Tests.Custom;

public sealed class MetadataReaderTests
{
    [Fact]
    public void The_form_that_users_know_is_read_with_its_aliases_whatever_the_case_of_keys()
    {
        var reading = Metadata.Read("""
            {
              "version": "R27",
              "metadataSources": [{ "url": "expense_reports", "targetResources": ["expenses"] }],
              "resources": [{
                "DisplayName": "expenses", "available_since": "R21", "resource": "expense_reports",
                "columns": ["title", { "name": "id", "dataType": "LONG", "isPrimaryKey": true }, { "name": "total", "type": "decimal" }, { "name": "no", "TYPE": "Integer", "key": false }],
                "nested-fields": [{ "name": "currency", "columns": ["code"], "nestedFields": [{ "name": "country", "columns": ["name"] }] }],
                "NESTEDARRAYS": [{ "name": "expense-lines", "displayName": "lines", "columns": ["amount"], "nestedArrays": [{ "name": "attendees", "columns": ["name"] }] }],
                "query": { "status[in]": "approved,paid", "exported": false }, "watermark": "updated-at", "description": "What people spent.", "scope": "core.expense.read",
                "pseudonymize": { "title": "redact" }, "exclude": ["no"],
              }],
            }
            """);

        Assert.Empty(reading.Findings);
        Assert.Equal("R27", reading.Document.Version);
        var resource = Assert.Single(reading.Document.Resources);
        Assert.Equal(("expenses", "expense_reports", "R21", "updated_at", "core.expense.read"), (resource.DisplayName, resource.Url, resource.AvailableSince.ToString(), resource.Watermark, resource.Scope));
        Assert.Equal([null, ColumnType.Int64, ColumnType.Decimal, ColumnType.Int64], resource.Content.Columns.Select(static column => column.Type));
        Assert.Equal([false, true, false, false], resource.Content.Columns.Select(static column => column.IsPrimaryKey));
        Assert.Equal("country", Assert.Single(Assert.Single(resource.Content.Fields).Content.Fields).Name);
        var lines = Assert.Single(resource.Content.Arrays);
        Assert.Equal(("lines", "attendees"), (lines.DisplayName, Assert.Single(lines.Content.Arrays).Name));
        Assert.Equal(["status[in]=approved,paid", "exported=false"], resource.Query.Select(static parameter => $"{parameter.Key}={parameter.Value}"));
        Assert.Equal(PseudonymAlgorithm.Redact, Assert.Single(resource.Pseudonyms).Algorithm);
        Assert.Equal("no", Assert.Single(resource.Exclude).Name);
    }

    [Theory]
    [InlineData("", MetadataCodes.NotJson)]
    [InlineData("{\"resources\": [}", MetadataCodes.NotJson)]
    [InlineData("{\"resources\": [{\"displayName\":\"\\ud800\"}]}", MetadataCodes.NotJson)]
    [InlineData("[]", MetadataCodes.WrongType)]
    [InlineData("null", MetadataCodes.WrongType)]
    public void What_is_no_document_is_one_finding(string json, string code)
    {
        var reading = Metadata.Read(json);
        Assert.Equal((code, MetadataSeverity.Error, ""), (reading.Findings.Only(code).Code, reading.Findings[0].Severity, reading.Findings[0].Pointer));
        Assert.Empty(reading.Document.Resources);
    }

    [Fact]
    public void Where_it_stops_being_json_is_told_by_line()
    {
        var finding = Metadata.Read("{\n \"resources\": [\n oops ]}").Findings.Only(MetadataCodes.NotJson);
        Assert.StartsWith("Line 3, byte 2:", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_as_such()
    {
        var json = new StringBuilder("{\"resources\":");
        json.Insert(json.Length, "[", MetadataLimits.JsonDepth + 1).Insert(json.Length, "]", MetadataLimits.JsonDepth + 1).Append('}');
        Assert.Equal("", Metadata.Read(json.ToString()).Findings.Only(MetadataCodes.TooDeep).Pointer);
    }

    [Theory]
    [InlineData("http://evil.example/api/x")]
    [InlineData("//evil.example/x")]
    [InlineData("../admin")]
    [InlineData("invoices/../../x")]
    [InlineData("invoices?limit=1")]
    [InlineData("invoices#x")]
    [InlineData("invoices%2fx")]
    [InlineData("in voices")]
    [InlineData("in\\u0000voices")]
    [InlineData("user@host")]
    [InlineData("api")]
    public void A_url_that_is_no_path_below_api_is_refused(string url)
    {
        var expected = url == "api" ? 0 : 1; // a resource may be called so
        var findings = Metadata.Read($$"""{"metadataSources":[{"url":"{{url}}","targetResources":["x"]}],"resources":[{"displayName":"x","columns":["id"]}]}""").Findings;
        Assert.Equal(expected, findings.Count(static finding => finding is { Code: MetadataCodes.BadUrl, Pointer: "/metadataSources/0/url" }));
    }

    [Theory]
    [InlineData("limit")]
    [InlineData("offset")]
    [InlineData("order_by")]
    [InlineData("order-by")]
    [InlineData("fields")]
    [InlineData("id[gt]")]
    [InlineData("updated-at[lt]")]
    [InlineData("a b")]
    [InlineData("x&limit")]
    public void Parameters_that_the_gateway_sets_or_that_are_none_are_refused(string name)
    {
        var findings = Metadata.Read(Metadata.Resource("x", $$""" "columns":["id"],"query":{"{{name}}":"1"} """)).Findings;
        Assert.Equal($"/resources/0/query/{name}", findings.Only(MetadataCodes.BadQuery).Pointer);
    }

    [Fact]
    public void All_findings_come_at_once_each_with_its_pointer()
    {
        var findings = Metadata.Read("""
            { "version": "R99", "typo": 1,
              "metadataSources": [ 7, { "targetResources": ["nobody", 3] } ],
              "resources": [
                "text", { "columns": "id" },
                { "displayName": "x", "displayname": "y", "availableSince": "R1", "columns": [ 1, {}, { "name": "a", "type": "blob", "primaryKey": "maybe" } ],
                  "nestedFields": [ { "name": "empty" } ], "nestedArrays": [ {} ], "query": [], "watermark": 5, "exclude": [ 1 ], "pseudonymize": { "a": "rot13", "b": { "algorithm": "truncate" } } } ] }
            """).Findings;

        string[] expected =
        [
            "/version", "/typo", "/metadataSources/0", "/metadataSources/1", "/metadataSources/1/targetResources/0", "/metadataSources/1/targetResources/1", "/resources/0", "/resources/1", "/resources/1/columns",
            "/resources/2/displayname", "/resources/2/availableSince", "/resources/2/columns/0", "/resources/2/columns/1", "/resources/2/columns/2/type", "/resources/2/columns/2/primaryKey",
            "/resources/2/nestedFields/0", "/resources/2/nestedArrays/0", "/resources/2/query", "/resources/2/watermark", "/resources/2/exclude/0", "/resources/2/pseudonymize/a", "/resources/2/pseudonymize/b",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), findings.Select(static finding => finding.Pointer).Distinct().Order(StringComparer.Ordinal));
        Assert.All(findings, static finding => Assert.NotEqual("", finding.Remedy));
    }

    [Fact]
    public void A_document_of_nothing_but_faults_is_told_so_many_and_the_number_of_the_rest()
    {
        var findings = Metadata.Read($$"""{"resources":[{{string.Join(',', Enumerable.Repeat("1", MetadataLimits.Findings + 5))}}]}""").Findings;
        Assert.Equal(MetadataLimits.Findings + 1, findings.Length);
        Assert.Contains("5 more", findings[^1].Message, StringComparison.Ordinal);
    }
}
