using System.Text.Json;
using CoupaGateway.OData.Feed;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Conditions and orders over navigation properties, and parameter aliases.</summary>
public sealed class NavigationTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("invoice_lines/any()", "1,2,3,6")]
    [InlineData("not invoice_lines/any()", "4,5")]
    [InlineData("invoice_lines/any(l:l/total gt 50)", "1,2")]
    [InlineData("invoice_lines/any(l:l/total eq gross_total)", "2,3,6")]
    [InlineData("invoice_lines/any(l:l/total eq null)", "3")]
    [InlineData("invoice_lines/any(l:contains(l/description,'n'))", "3")]
    [InlineData("invoice_lines/all(l:l/total ge 40)", "1,2,4,5")]
    [InlineData("not invoice_lines/all(l:l/total ge 40)", "3,6")]
    [InlineData("invoice_lines/any(l:l/invoices/status eq 'draft')", "2")]
    [InlineData("invoice_lines/any(l:l/invoices/invoice_lines/any(m:m/id gt l/id and m/total eq 40))", "1")]
    [InlineData("invoice_lines/any(l:l/invoices/invoice_lines/all(m:m/total lt 100))", "1,6")]
    [InlineData("invoice_lines/any(l:l/total gt 50) and status eq 'approved'", "1")]
    [InlineData("invoice_lines/any(l:l/total gt 50) or id eq 5", "1,2,5")]
    [InlineData("invoice_lines/$count gt 1", "1,3")]
    [InlineData("invoice_lines/$count eq 0", "4,5")]
    [InlineData("invoice_lines/$count($filter=total gt 1) eq 1", "2,3")]
    [InlineData("invoice_lines/$count($filter=id gt 13) add 1 eq id", "1,3")]
    [InlineData("invoice_lines/$count in (2,3)", "1,3")]
    [InlineData("invoice_lines/$count($search=bolts) eq 1", "1")]
    [InlineData("id ge 3 and invoice_lines/any(l:l/total gt 0)", "3,6")]
    public async Task A_condition_on_nested_rows(string filter, string expected)
    {
        var ids = await feed.IdsAsync($"invoices?$select=id&$filter={filter}");
        Assert.Equal(expected, string.Join(',', ids));
        Assert.Equal(ids, await feed.IdsAsync($"invoices?$filter={filter}"));
        Assert.Equal(ids.Count, (await feed.JsonAsync($"invoices?$top=0&$count=true&$filter={filter}")).GetProperty("@odata.count").GetInt32());
        using var count = await feed.GetAsync($"invoices/$count?$filter={filter}");
        Assert.Equal($"{ids.Count}", await count.Content.ReadAsStringAsync(FeedFixture.Stop));
    }

    [Theory]
    [InlineData("invoices/status eq 'approved'", "10,11,13,14,15,16")]
    [InlineData("invoices/gross_total gt 200", "12")]
    [InlineData("invoices/gross_total eq null", "13,14,15")]
    [InlineData("invoices/id eq 3", "13,14,15")]
    [InlineData("invoices/id in (1,6) and total gt 40", "10")]
    [InlineData("year(invoices/invoice_date) eq 2026 and invoices/paid", "10,11,16")]
    [InlineData("invoices/invoice_lines/$count eq 3", "13,14,15")]
    [InlineData("invoices/invoice_lines/any(l:l/description eq 'Tea')", "16")]
    [InlineData("total mul 2 gt invoices/gross_total", "10,12,16")]
    public async Task A_condition_on_the_row_above(string filter, string expected) =>
        Assert.Equal(expected, string.Join(',', await feed.IdsAsync($"invoice_lines?$filter={filter}")));

    [Theory]
    [InlineData("invoices", "invoice_lines/$count desc,id desc", "3,1,6,2,5,4")]
    [InlineData("invoices", "invoice_lines/$count($filter=total gt 1)", "4,5,6,2,3,1")]
    [InlineData("invoice_lines", "invoices/gross_total desc,id desc", "12,11,10,16,15,14,13")]
    [InlineData("invoice_lines", "invoices/status,total desc", "10,11,15,14,16,13,12")]
    [InlineData("invoice_lines", "invoices/id desc", "16,13,14,15,12,10,11")]
    public async Task An_order_by_related_rows_holds_over_pages(string table, string order, string expected)
    {
        Assert.Equal(expected, string.Join(',', await feed.IdsAsync($"{table}?$orderby={order}")));
        Assert.Equal(expected, string.Join(',', await feed.IdsAsync($"{table}?$orderby={order}", pageSize: 2)));
    }

    [Fact]
    public async Task All_pages_read_one_version_of_every_table()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        var first = await own.JsonAsync("invoices?$filter=invoice_lines/any(l:l/total gt 0)&$select=id", ("Prefer", "odata.maxpagesize=2"));
        await own.LoadAsync(TestTables.Lines, "VALUES (4, 10, 'New', 60.5)", chunkRows: 3);

        Assert.Equal([3, 6], await own.IdsAsync(first.GetProperty("@odata.nextLink").GetString()!));
        Assert.Equal([4], await own.IdsAsync("invoices?$filter=invoice_lines/any(l:l/total gt 0)&$select=id"));

        own.Catalog.Forget(new("demo", "invoice_lines"), 1);
        using var gone = await own.GetAsync(first.GetProperty("@odata.nextLink").GetString()!);
        Assert.Equal(410, (int)gone.StatusCode);
    }

    [Theory]
    [InlineData("id eq @p&@p=3", "3")]
    [InlineData("id in @p&@p=[1,3]", "1,3")]
    [InlineData("status in @p&@p=('new','it''s')", "5")]
    [InlineData("contains(invoice_number,@p)&@p='INV'", "1,2")]
    [InlineData("gross_total gt @p and id lt @q&@p=100.5&@q=3", "2")]
    [InlineData("version eq @none", "2")]
    [InlineData("@p&@p=id gt 4", "5,6")]
    [InlineData("invoice_lines/any(l:l/total gt @p)&@p=50", "1,2")]
    [InlineData("created_at lt @t&@t=2026-01-01T00:00:00Z", "4")]
    public async Task A_parameter_alias_stands_for_its_value(string filter, string expected)
    {
        Assert.Equal(expected, string.Join(',', await feed.IdsAsync($"invoices?$filter={filter}")));
        if (expected.Length > 1)
        {
            var page = await feed.JsonAsync($"invoices?$filter={filter}&$orderby=id desc", ("Prefer", "odata.maxpagesize=1"));
            var rest = await feed.IdsAsync(page.GetProperty("@odata.nextLink").GetString()!);
            Assert.Equal(expected.Split(',').Length - 1, rest.Count);
        }
    }

    [Theory]
    [InlineData("invoices?$filter=id eq @p&@p=1&@p=2", "@p")]
    [InlineData("invoices?$filter=id in @p&@p=1", "@p")]
    [InlineData("invoices?$filter=id eq @p&@p=", "@p")]
    [InlineData("invoices?$filter=@p&@p=@q&@q=@p", "$filter")]
    [InlineData("invoices?$filter=id eq @p&@p='x'", "$filter")]
    [InlineData("invoices?$filter=invoice_lines/any(l:l/colour eq 1)", "colour")]
    [InlineData("invoices?$filter=invoice_lines/total eq 1", "$filter")]
    [InlineData("invoices?$orderby=invoice_lines/total", "$orderby")]
    [InlineData("invoice_lines?$filter=suppliers/id eq 1", "suppliers")]
    public async Task A_mistake_is_named(string path, string named)
    {
        using var response = await feed.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True((int)response.StatusCode == 400, body);
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_uses_of_navigation_than_allowed_are_refused()
    {
        await using var own = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => options.MaxNavigations = 2));
        Assert.Equal([1, 2, 3, 6], await own.IdsAsync("invoices?$filter=invoice_lines/any() or invoice_lines/any()"));
        using var response = await own.GetAsync("invoices?$filter=invoice_lines/any() or invoice_lines/any() or invoice_lines/any()");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("TooComplex", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_granted_is_unknown_on_both_sides_of_a_navigation()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "status" }), TestTables.Lines.Narrow(new HashSet<string> { "description" })]);
        Assert.Equal([3], await own.IdsAsync("invoices?$filter=invoice_lines/any(l:l/description eq 'Ink')"));
        await RefusedAsync("invoices?$filter=invoice_lines/any(l:l/total gt 1)", "total");
        await RefusedAsync("invoice_lines?$filter=invoices/gross_total gt 1", "gross_total");

        own.Schema = new([TestTables.Invoices]);
        await RefusedAsync("invoices?$filter=invoice_lines/any()", "invoice_lines");

        async Task RefusedAsync(string path, string named)
        {
            using var response = await own.GetAsync(path);
            Assert.Equal(400, (int)response.StatusCode);
            Assert.Contains(named, await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("invoices?$filter=invoice_lines/any(l:contains(l/description,'a'))")]
    [InlineData("invoices?$filter=invoice_lines/any(l:l/description gt 'a')")]
    [InlineData("invoice_lines?$filter=startswith(invoices/status,'a')")]
    [InlineData("invoice_lines?$orderby=invoices/status")]
    public async Task Tokens_stay_tokens_on_the_other_side_of_a_navigation(string path)
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([Tokens(TestTables.Invoices, "status"), Tokens(TestTables.Lines, "description")]);
        using var response = await own.GetAsync(path);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("is pseudonymized", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_related_table_that_is_not_loaded_is_told_apart_from_an_empty_one()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([.. TestTables.Schema.Tables, TestTables.Entries]);
        using var response = await own.GetAsync("values?$filter=entries/any()");
        Assert.Equal(503, (int)response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement.GetProperty("error");
        Assert.Equal("entries", error.GetProperty("target").GetString());
    }

    /// <summary>A feed whose invoices have tokens for statuses: what stands in the chunks is taken for them.</summary>
    internal static async Task<FeedFixture> StartWithTokensAsync()
    {
        var feed = await FeedFixture.StartAsync(static _ => { });
        var table = Tokens(TestTables.Invoices, "status");
        feed.Schema = new([table]);
        await feed.LoadAsync(table, TestTables.InvoiceRows, chunkRows: 4);
        return feed;
    }

    internal static TableSchema Tokens(TableSchema table, string name) => table with
    {
        Columns =
        [
            .. table.Columns.Select(column => column.Name != name ? column : column with
            {
                Pseudonym = new PseudonymMark { Algorithm = PseudonymAlgorithm.HmacSha256, Domain = "user.login", KeyVersion = 1, Rule = "test" },
            }),
        ],
    };
}
