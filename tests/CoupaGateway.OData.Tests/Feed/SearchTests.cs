using System.Net;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class SearchTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("inv", "1,2,6")]
    [InlineData("INV-1", "1")]
    [InlineData("approved", "1,3,6")]
    [InlineData("approved AND inv", "1,6")]
    [InlineData("approved inv", "1,6")]
    [InlineData("draft OR new", "2,5")]
    [InlineData("NOT approved", "2,4,5")]
    [InlineData("inv AND NOT approved", "2")]
    [InlineData("(draft OR new) AND NOT übung", "2")]
    [InlineData("\"o'neil\"", "3")]
    [InlineData("o'neil", "3")]
    [InlineData("3", "3")]
    [InlineData("\"INV-1 approved\"", "")]
    [InlineData("\"OR\"", "")]
    [InlineData("%25", "")]
    [InlineData("a divby b", "")]
    [InlineData("'inv-1'", "1")]
    [InlineData("'o''neil \"3'", "3")]
    [InlineData("inv AND", "")]
    [InlineData("AND OR draft", "2")]
    [InlineData("NOT (OR OR inv)", "3,4,5")]
    public async Task Rows_match_whose_texts_contain_the_words(string search, string expected)
    {
        var ids = await feed.IdsAsync($"invoices?$search={search}");
        Assert.Equal(expected, string.Join(',', ids));
        Assert.Equal(ids.Count, (await feed.JsonAsync($"invoices?$top=0&$count=true&$search={search}")).GetProperty("@odata.count").GetInt32());
        using var count = await feed.GetAsync($"invoices/$count?$search={search}");
        Assert.Equal($"{ids.Count}", await count.Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal(ids.Where(static id => id > 2), await feed.IdsAsync($"invoices?$search={search}&$filter=id gt 2"));
    }

    [Theory]
    [InlineData("invoices?$filter=id eq 1&$select=id&$expand=invoice_lines($search=bolts OR 12-a;$select=id)", """[{"id":1,"invoice_lines":[{"id":10}]}]""")]
    [InlineData("invoices?$filter=id eq 1&$select=id&$expand=invoice_lines($search=3x OR (nuts AND NOT \"a;b)\");$select=id)", """[{"id":1,"invoice_lines":[{"id":11}]}]""")]
    [InlineData("invoices?$filter=id eq 1&$select=id&$expand=invoice_lines/$count($search=o'neil1 OR NOT 7)", """[{"id":1,"invoice_lines@odata.count":2}]""")]
    [InlineData("invoices?$filter=invoice_lines/$count($search=12 OR pens) eq 1&$select=id", """[{"id":3}]""")]
    public async Task Words_may_have_digits_wherever_it_stands(string path, string rows) =>
        Assert.Equal(rows, (await feed.JsonAsync(path, ("Accept", "application/json;odata.metadata=none"))).GetProperty("value").GetRawText());

    [Fact]
    public async Task It_holds_over_pages_and_in_downloads()
    {
        var page = await feed.JsonAsync("invoices?$search=approved&$select=id", ("Prefer", "odata.maxpagesize=2"));
        Assert.Equal([6], await feed.IdsAsync(page.GetProperty("@odata.nextLink").GetString()!));
        Assert.Equal("id\r\n1\r\n3\r\n6\r\n", await (await feed.GetAsync("invoices?$search=approved&$select=id&$format=csv")).Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal([10], await feed.IdsAsync("invoices(1)/invoice_lines?$search=bolts"));
    }

    [Fact]
    public async Task Columns_that_are_not_granted_or_pseudonymized_are_not_searched()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "status" })]);
        Assert.Empty(await own.IdsAsync("invoices?$search=inv"));
        Assert.Equal(3, (await own.IdsAsync("invoices?$search=approved")).Count);

        var pseudonymized = NavigationTests.Tokens(TestTables.Invoices, "status");
        await own.LoadAsync(pseudonymized, TestTables.InvoiceRows, chunkRows: 4);
        own.Schema = new([pseudonymized]);
        Assert.Empty(await own.IdsAsync("invoices?$search=approved"));

        await own.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows, chunkRows: 4);
        own.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "paid" })]);
        Assert.Empty(await own.IdsAsync("invoices?$search=true"));
        Assert.Equal(6, (await own.IdsAsync("invoices?$search=NOT true")).Count);
        using var metadata = await own.GetAsync("$metadata");
        Assert.Contains("<PropertyValue Property=\"Searchable\" Bool=\"false\"", await metadata.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_searches_are_refused()
    {
        using var response = await feed.GetAsync("invoices?$search=" + string.Join(" OR ", Enumerable.Repeat("a", 2_000)));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
