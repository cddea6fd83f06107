using System.Net;
using System.Text.Json;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>The feed's tables with the statuses and numbers of invoices as tokens would be: what stands in the chunks is taken for tokens.</summary>
public sealed class PseudonymTests : IClassFixture<FeedFixture>
{
    private readonly FeedFixture _feed;

    public PseudonymTests(FeedFixture feed)
    {
        _feed = feed;
        feed.Schema = new SchemaRevision([Marked(TestTables.Invoices, "status", PseudonymAlgorithm.HmacSha256), TestTables.Lines, TestTables.Values, TestTables.Unloaded]);
    }

    [Theory]
    [InlineData("$orderby=status")]
    [InlineData("$orderby=id,status desc")]
    [InlineData("$filter=contains(status,'a')")]
    [InlineData("$filter=startswith(status,'a')")]
    [InlineData("$filter=tolower(status) eq 'a'")]
    [InlineData("$filter=concat(status,'x') eq 'a'")]
    [InlineData("$filter=length(status) gt 3")]
    [InlineData("$filter=indexof(status,'a') eq 1")]
    [InlineData("$filter=status gt 'a'")]
    [InlineData("$filter='a' le status")]
    [InlineData("$filter=not (id eq 1 or contains(status,'a'))")]
    [InlineData("$filter=cast(status,Edm.Int64) eq 1")]
    [InlineData("$orderby=case(id gt 1:status,true:'a')")]
    [InlineData("$filter=contains(case(id gt 1:'a',true:status),'b')")]
    public async Task What_needs_an_order_or_parts_of_a_token_is_refused_with_the_reason(string query)
    {
        using var response = await _feed.GetAsync($"invoices?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement.GetProperty("error");
        Assert.Equal("status", error.GetProperty("target").GetString());
        Assert.Contains("'status' is pseudonymized", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status eq 'approved'", 3)]
    [InlineData("status ne 'approved'", 3)]
    [InlineData("status in ('draft','new')", 2)]
    [InlineData("status eq null", 1)]
    [InlineData("status ne null", 5)]
    [InlineData("not (status eq 'approved')", 3)]
    public async Task Tokens_can_be_compared_for_equality(string filter, int rows) =>
        Assert.Equal(rows, (await _feed.JsonAsync($"invoices?$filter={filter}&$orderby=id")).GetProperty("value").GetArrayLength());

    [Fact]
    public async Task Metadata_says_which_columns_are_pseudonyms_and_what_they_join()
    {
        var metadata = await (await _feed.GetAsync("$metadata")).Content.ReadAsStringAsync(FeedFixture.Stop);

        Assert.Contains("<Term Name=\"PseudonymDomain\" Type=\"Edm.String\" AppliesTo=\"Property\"", metadata, StringComparison.Ordinal);
        Assert.Contains("<Annotation Term=\"Coupa.PseudonymDomain\" String=\"user.login\" />", metadata, StringComparison.Ordinal);
        Assert.Contains("Pseudonymized: a token", metadata, StringComparison.Ordinal);
        Assert.Contains("NonSortableProperties", metadata, StringComparison.Ordinal);
    }

    private static TableSchema Marked(TableSchema table, string name, PseudonymAlgorithm algorithm) => table with
    {
        Columns =
        [
            .. table.Columns.Select(column => column.Name != name ? column : column with
            {
                Pseudonym = new PseudonymMark { Algorithm = algorithm, Domain = "user.login", KeyVersion = 1, Rule = "test" },
            }),
        ],
    };
}
