using System.Text.Json;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class ExpandTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData(
        "invoices?$select=id&$expand=invoice_lines($select=id)",
        "invoices(id,invoice_lines(id))",
        """[{"id":1,"invoice_lines":[{"id":10},{"id":11}]},{"id":2,"invoice_lines":[{"id":12}]},{"id":3,"invoice_lines":[{"id":13},{"id":14},{"id":15}]},{"id":4,"invoice_lines":[]},{"id":5,"invoice_lines":[]},{"id":6,"invoice_lines":[{"id":16}]}]""")]
    [InlineData(
        "invoices?$select=id&$expand=invoice_lines($select=total;$filter=total gt 1.5;$orderby=total desc;$top=1;$count=true)&$orderby=id desc&$top=4",
        "invoices(id,invoice_lines(total))",
        """[{"id":6,"invoice_lines@odata.count":0,"invoice_lines":[]},{"id":5,"invoice_lines@odata.count":0,"invoice_lines":[]},{"id":4,"invoice_lines@odata.count":0,"invoice_lines":[]},{"id":3,"invoice_lines@odata.count":1,"invoice_lines":[{"total":2}]}]""")]
    [InlineData("invoices?$select=id&$expand=invoice_lines($select=id;$skip=1;$count=true)&$filter=id in (1,3)", "invoices(id,invoice_lines(id))", """[{"id":1,"invoice_lines@odata.count":2,"invoice_lines":[{"id":11}]},{"id":3,"invoice_lines@odata.count":3,"invoice_lines":[{"id":14},{"id":15}]}]""")]
    [InlineData("invoices?$select=id&$expand=invoice_lines/$count&$filter=id in (1,5)", "invoices(id)", """[{"id":1,"invoice_lines@odata.count":2},{"id":5,"invoice_lines@odata.count":0}]""")]
    [InlineData("invoices?$select=id&$expand=invoice_lines($select=id;$search=bolts OR pens;$count=true)&$filter=id in (1,2,3)", "invoices(id,invoice_lines(id))", """[{"id":1,"invoice_lines@odata.count":1,"invoice_lines":[{"id":10}]},{"id":2,"invoice_lines@odata.count":0,"invoice_lines":[]},{"id":3,"invoice_lines@odata.count":1,"invoice_lines":[{"id":14}]}]""")]
    [InlineData("invoices?$select=id&$expand=invoice_lines/$ref&$filter=id in (5,6)", "invoices(id,invoice_lines/$ref)", """[{"id":5,"invoice_lines":[]},{"id":6,"invoice_lines":[{"@odata.id":"ROOT/invoice_lines(invoices_id=6,id=16)"}]}]""")]
    [InlineData("invoices?$select=id&$expand=invoice_lines($top=0)&$top=1", "invoices(id,invoice_lines())", """[{"id":1,"invoice_lines":[]}]""")]
    [InlineData("invoices?$select=id&$expand=*($select=id)&$filter=id eq 6", "invoices(id,invoice_lines(id))", """[{"id":6,"invoice_lines":[{"id":16}]}]""", "*($select")]
    [InlineData("invoices?$select=id&$expand=invoice_lines($compute=total mul 2 as double;$select=double)&$filter=id eq 6", "invoices(id,invoice_lines(double))", """[{"id":6,"invoice_lines":[{"double@odata.type":"#Decimal","double":0.2}]}]""")]
    [InlineData("invoices?$compute=id add 1 as n&$select=n&$expand=invoice_lines($select=id;$filter=total gt @p)&$filter=id eq 1&@p=50", "invoices(n,invoice_lines(id))", """[{"n@odata.type":"#Int64","n":2,"invoice_lines":[{"id":10}]}]""")]
    [InlineData("invoice_lines?$select=id&$expand=invoices($select=status)&$filter=id in (12,16)", "invoice_lines(id,invoices(status))", """[{"id":12,"invoices":{"status":"draft"}},{"id":16,"invoices":{"status":"approved"}}]""")]
    [InlineData("invoice_lines?$select=id&$expand=invoices($select=id;$filter=id eq 1)&$orderby=id desc&$filter=id in (11,16)", "invoice_lines(id,invoices(id))", """[{"id":16,"invoices":null},{"id":11,"invoices":{"id":1}}]""")]
    [InlineData(
        "invoice_lines?$select=id&$expand=invoices($select=id;$expand=invoice_lines($select=id,description;$orderby=id desc))&$filter=id in (11,12)",
        "invoice_lines(id,invoices(id,invoice_lines(id,description)))",
        """[{"id":11,"invoices":{"id":1,"invoice_lines":[{"id":11,"description":"Nuts"},{"id":10,"description":"Bolts"}]}},{"id":12,"invoices":{"id":2,"invoice_lines":[{"id":12,"description":null}]}}]""")]
    [InlineData(
        "invoices?$select=id&$expand=invoice_lines($select=id;$orderby=id desc;$expand=invoices($select=status))&$filter=id in (1,2)&$orderby=id desc",
        "invoices(id,invoice_lines(id,invoices(status)))",
        """[{"id":2,"invoice_lines":[{"id":12,"invoices":{"status":"draft"}}]},{"id":1,"invoice_lines":[{"id":11,"invoices":{"status":"approved"}},{"id":10,"invoices":{"status":"approved"}}]}]""")]
    public async Task Related_rows_stand_inside_the_rows(string path, string context, string rows, string? notLegal = null)
    {
        if (notLegal is not null)
        {
            using var response = await feed.GetAsync(path);
            Assert.Equal(400, (int)response.StatusCode);
            path = path.Replace("*(", "invoice_lines(", StringComparison.Ordinal);
        }

        var page = await feed.JsonAsync(path);
        Assert.Equal($"{feed.Root}/$metadata#{context}", page.GetProperty("@odata.context").GetString());
        Assert.Equal(rows, page.GetProperty("value").GetRawText().Replace(feed.Root, "ROOT", StringComparison.Ordinal));

        var paged = new List<string>();
        for (var next = path; next is not null;)
        {
            var one = await feed.JsonAsync(next, ("Prefer", "odata.maxpagesize=1"));
            paged.AddRange(one.GetProperty("value").EnumerateArray().Select(static row => row.GetRawText()));
            next = one.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        Assert.Equal(rows, $"[{string.Join(',', paged)}]".Replace(feed.Root, "ROOT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whole_rows_are_expanded_without_a_selection()
    {
        var page = await feed.JsonAsync("invoices?$expand=*");
        Assert.EndsWith("#invoices(invoice_lines())", page.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal(TestTables.Invoices.Columns.Length + 1, page.GetProperty("value")[0].EnumerateObject().Count());
        Assert.Equal(TestTables.Lines.Columns.Length, page.GetProperty("value")[0].GetProperty("invoice_lines")[0].EnumerateObject().Count());
    }

    [Fact]
    public async Task Many_rows_and_levels_are_read_side_by_side()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        await own.LoadAsync(TestTables.Entries, "SELECT 1 + i // 40, i, i % 7, 'v' || i, i, true, NULL, NULL FROM range(8000) r(i)", chunkRows: 1_000);
        own.Schema = new([TestTables.Values, TestTables.Entries]);
        var rows = new List<JsonElement>();
        for (var next = "values?$select=id&$expand=entries($select=id,a;$orderby=a desc,id;$expand=values($select=id;$expand=entries($select=id;$top=2)))"; next is not null;)
        {
            var page = await own.JsonAsync(next, ("Prefer", "odata.maxpagesize=60"));
            rows.AddRange(page.GetProperty("value").EnumerateArray());
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        Assert.Equal(250, rows.Count);
        foreach (var row in rows)
        {
            var id = row.GetProperty("id").GetInt64();
            var entries = row.GetProperty("entries").EnumerateArray().ToList();
            Assert.Equal(id <= 200 ? 40 : 0, entries.Count);
            var expected = Enumerable.Range((int)(id - 1) * 40, entries.Count).OrderByDescending(static i => i % 7).ThenBy(static i => i).Select(static i => (long)i);
            Assert.Equal(expected, entries.Select(static entry => entry.GetProperty("id").GetInt64()));
            Assert.All(entries, entry =>
            {
                Assert.Equal(id, entry.GetProperty("values").GetProperty("id").GetInt64());
                Assert.Equal([(id - 1) * 40, ((id - 1) * 40) + 1], entry.GetProperty("values").GetProperty("entries").EnumerateArray().Select(static inner => inner.GetProperty("id").GetInt64()));
            });
        }
    }

    [Theory]
    [InlineData("invoices?$expand=*($levels=1)", "invoices?$expand=*")]
    [InlineData("invoices?$expand=*($levels=2)&$select=id", "invoices?$expand=invoice_lines($expand=invoices)&$select=id")]
    [InlineData("invoice_lines?$expand=*($levels=3)", "invoice_lines?$expand=invoices($expand=invoice_lines($expand=invoices))")]
    [InlineData("invoices?$expand=invoice_lines($levels=1)", "invoices?$expand=invoice_lines")]
    [InlineData("invoices?$expand=invoice_lines($levels=1;$select=total;$filter=description ne 'levels;(')", "invoices?$expand=invoice_lines($select=total;$filter=description ne 'levels;(')")]
    [InlineData("invoices?$expand=invoice_lines($select=id;$expand=*($levels=1))", "invoices?$expand=invoice_lines($select=id;$expand=invoices)")]
    [InlineData("invoices?$expand=*($levels=2),invoice_lines($select=id)", "invoices?$expand=invoice_lines($select=id)")]
    [InlineData("invoices(3)?$expand=*($levels=2)", "invoices(3)?$expand=invoice_lines($expand=invoices)")]
    [InlineData("invoices?$apply=filter(id lt 3)&$expand=*($levels=2)", "invoices?$apply=filter(id lt 3)&$expand=invoice_lines($expand=invoices)")]
    public async Task Levels_are_what_they_are_when_spelled_out(string levels, string spelled) =>
        Assert.Equal((await feed.JsonAsync(spelled)).GetRawText(), (await feed.JsonAsync(levels)).GetRawText());

    [Fact]
    public async Task A_link_leads_to_rows_that_do_not_fit()
    {
        await using var own = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => options.MaxExpandRows = 1));
        var page = await own.JsonAsync("invoices?$select=id&$expand=invoice_lines($select=id;$filter=id ne @x;$orderby=id desc;$top=2;$expand=invoices($select=status))&$filter=id in (2,3)&@x=14");
        var rows = page.GetProperty("value");
        Assert.Equal("""[{"id":12,"invoices":{"status":"draft"}}]""", rows[0].GetProperty("invoice_lines").GetRawText());
        Assert.Equal("""[{"id":15,"invoices":{"status":"approved"}}]""", rows[1].GetProperty("invoice_lines").GetRawText());
        Assert.False(rows[0].TryGetProperty("invoice_lines@odata.nextLink", out _));
        Assert.Equal(
            $"{own.Root}/invoices(3)/invoice_lines?$select=id&$filter=id%20ne%20%40x&$orderby=id%20desc&$expand=invoices%28%24select%3Dstatus%29&%40x=14&$top=1&$skip=1",
            rows[1].GetProperty("invoice_lines@odata.nextLink").GetString());
    }

    [Fact]
    public async Task An_expanded_collection_is_no_longer_than_a_page_may_be()
    {
        await using var own = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => options.MaxPageSize = 2));
        var row = (await own.JsonAsync("invoices(3)?$select=id&$expand=invoice_lines($select=id)")).GetProperty("invoice_lines");
        Assert.Equal("""[{"id":13},{"id":14}]""", row.GetRawText());
    }

    [Fact]
    public async Task Full_metadata_and_strings_for_numbers_hold_inside()
    {
        var page = await feed.JsonAsync("invoices?$select=id&$expand=invoice_lines($select=total;$count=true)&$filter=id eq 6", ("Accept", "application/json;odata.metadata=full;IEEE754Compatible=true"));
        var line = page.GetProperty("value")[0].GetProperty("invoice_lines")[0];
        Assert.Equal("#Coupa.invoice_lines", line.GetProperty("@odata.type").GetString());
        Assert.Equal($"{feed.Root}/invoice_lines(invoices_id=6,id=16)", line.GetProperty("@odata.id").GetString());
        Assert.Equal("0.1", line.GetProperty("total").GetString());
        Assert.Equal("1", page.GetProperty("value")[0].GetProperty("invoice_lines@odata.count").GetString());
    }

    [Theory]
    [InlineData("$expand=nothing", 400, "nothing")]
    [InlineData("$expand=status", 400, "status")]
    [InlineData("$expand=invoice_lines($filter=colour eq 1)", 400, "colour")]
    [InlineData("$expand=invoice_lines($levels=2)", 400, "leads to another one")]
    [InlineData("$expand=invoice_lines($expand=invoices($select=id;$levels=max))", 400, "'invoices' leads to another one")]
    [InlineData("$expand=*($levels=max)", 400, "TooComplex")]
    [InlineData("$expand=*($levels=0)", 400, "$expand")]
    [InlineData("$expand=*($levels=02)", 400, "$expand")]
    [InlineData("$expand=*($levels=two)", 400, "$expand")]
    [InlineData("$expand=*($levels=2;$top=1)", 400, "$expand")]
    [InlineData("$expand=invoice_lines/$count($count=true)", 400, "takes $filter")]
    [InlineData("$expand=invoice_lines/$count($orderby=id)", 400, "$expand")]
    [InlineData("$expand=invoice_lines/$count($top=1)", 400, "$expand")]
    [InlineData("$expand=invoice_lines($apply=aggregate($count as n))", 501, "$apply")]
    [InlineData("$expand=invoice_lines($top=-1)", 400, "$expand")]
    [InlineData("$expand=", 400, "$expand")]
    [InlineData("$expand=invoice_lines(", 400, "$expand")]
    [InlineData("$expand=invoice_lines($expand=invoices($expand=invoice_lines($expand=invoices($expand=invoice_lines($expand=invoices)))))", 400, "TooComplex")]
    [InlineData("$expand=invoice_lines&$format=csv", 400, "$expand")]
    public async Task A_mistake_is_named(string query, int status, string named)
    {
        using var response = await feed.GetAsync($"invoices?{query}");
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_granted_is_neither_expanded_nor_inside()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([TestTables.Invoices, TestTables.Lines.Narrow(new HashSet<string> { "total" })]);
        var line = (await own.JsonAsync("invoices?$expand=invoice_lines&$top=1")).GetProperty("value")[0].GetProperty("invoice_lines")[0];
        Assert.Equal(["invoices_id", "id", "total"], line.EnumerateObject().Select(static property => property.Name));
        using var column = await own.GetAsync("invoices?$expand=invoice_lines($select=description)");
        Assert.Equal(400, (int)column.StatusCode);

        own.Schema = new([TestTables.Invoices]);
        using var table = await own.GetAsync("invoices?$expand=invoice_lines");
        Assert.Equal(400, (int)table.StatusCode);
    }

    [Fact]
    public async Task Tokens_stay_tokens_inside()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([TestTables.Invoices, NavigationTests.Tokens(TestTables.Lines, "description")]);
        foreach (var option in (string[])["$orderby=description", "$filter=contains(description,'a')", "$compute=toupper(description) as d"])
        {
            using var response = await own.GetAsync($"invoices?$expand=invoice_lines({option})");
            Assert.Equal(400, (int)response.StatusCode);
            Assert.Contains("is pseudonymized", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_pages_read_one_version_of_every_table()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        var first = await own.JsonAsync("invoices?$select=id&$expand=invoice_lines($select=id)", ("Prefer", "odata.maxpagesize=2"));
        await own.LoadAsync(TestTables.Lines, "VALUES (3, 99, 'New', 60.5)", chunkRows: 3);
        var next = await own.JsonAsync(first.GetProperty("@odata.nextLink").GetString()!);
        Assert.Equal(3, next.GetProperty("value")[0].GetProperty("invoice_lines").GetArrayLength());
    }

    [Fact]
    public async Task Queries_that_find_no_turn_leave_none_behind()
    {
        await using var own = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static options => (options.MaxConcurrent, options.QueueTimeout) = (2, TimeSpan.Zero)));
        for (var round = 0; round < 5; round++)
        {
            using var busy = await own.GetAsync("invoices?$expand=invoice_lines($expand=invoices)");
            Assert.Equal(503, (int)busy.StatusCode);
        }

        Assert.Equal(6, (await own.IdsAsync("invoices?$expand=invoice_lines")).Count);
    }
}
