using System.Text.Json;
using CoupaGateway.OData.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class ApplyTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("aggregate($count as n)", "(n)", "[[6]]")]
    [InlineData("aggregate(gross_total with sum as s,gross_total with min as lo,gross_total with max as hi)", "(s,lo,hi)", "[[100000000293.839999999999,-7.000000000001,99999999999.99]]")]
    [InlineData("filter(id eq 5)/aggregate(gross_total with average as a)", "(a)", "[[99999999999.99]]")]
    [InlineData("aggregate(version with average as a,version with sum as s,status with countdistinct as d)", "(a,s,d)", "[[2.4,12,3]]")]
    [InlineData("aggregate(gross_total mul 2 with max as m)", "(m)", "[[199999999999.98]]")]
    [InlineData("aggregate(created_at with max as last,invoice_date with min as first,status with max as s)", "(last,first,s)", """[["2026-03-05T00:00:00Z","2025-12-31","new"]]""")]
    [InlineData("filter(id gt 100)/aggregate($count as n,gross_total with sum as s)", "(n,s)", "[[0,null]]")]
    [InlineData("groupby((status))", "(status)", """[[null],["approved"],["draft"],["new"]]""")]
    [InlineData("groupby((status),aggregate($count as n))", "(status,n)", """[[null,1],["approved",3],["draft",1],["new",1]]""")]
    [InlineData("groupby((status,paid),aggregate(id with max as m))", "(status,paid,m)", """[[null,true,4],["approved",null,3],["approved",true,6],["draft",false,2],["new",false,5]]""")]
    [InlineData("groupby((status),filter(id gt 2)/aggregate($count as n))", "(status,n)", """[[null,1],["approved",2],["draft",0],["new",1]]""")]
    [InlineData("filter(paid eq true)/groupby((status),aggregate(gross_total with sum as total))", "(status,total)", """[[null,-7.000000000001],["approved",100.6]]""")]
    [InlineData("groupby((status),aggregate($count as n))/filter(n gt 1)", "(status,n)", """[["approved",3]]""")]
    [InlineData("groupby((status),aggregate($count as n))/aggregate(n with sum as s,$count as groups)", "(s,groups)", "[[6,4]]")]
    [InlineData("groupby((status),aggregate($count as n))/orderby(n desc,status desc)/top(2)", "(status,n)", """[["approved",3],["new",1]]""")]
    [InlineData("groupby((status),aggregate($count as n))/topcount(1,n)", "(status,n)", """[["approved",3]]""")]
    [InlineData("groupby((status),aggregate($count as n))/bottomcount(1,n)/aggregate(n with sum as s)", "(s)", "[[1]]")]
    [InlineData("groupby((status),aggregate($count as n))/skip(3)", "(status,n)", """[["new",1]]""")]
    [InlineData("compute(year(invoice_date) as y)/groupby((y),aggregate($count as n))", "(y,n)", "[[null,1],[2025,1],[2026,4]]")]
    [InlineData("groupby((status),aggregate($count as n))/compute(n mul 10 as ten)", "(status,n,ten)", """[[null,1,10],["approved",3,30],["draft",1,10],["new",1,10]]""")]
    [InlineData("compute(invoice_lines/$count as lines)/groupby((lines),aggregate($count as n))", "(lines,n)", "[[0,2],[1,2],[2,1],[3,1]]")]
    [InlineData("filter(invoice_lines/any(l:l/total gt 50))/aggregate($count as n)", "(n)", "[[2]]")]
    [InlineData("search(approved AND inv)/aggregate($count as n)", "(n)", "[[2]]")]
    [InlineData("identity/aggregate($count as n)", "(n)", "[[6]]")]
    [InlineData("aggregate(gross_total with max as gross_total)", "(gross_total)", "[[99999999999.99]]")]
    [InlineData("concat(aggregate($count as n),groupby((status)))", "(n,status)", """[[6],[null],["approved"],["draft"],["new"]]""")]
    [InlineData("aggregate(invoice_lines(total with sum as t,total with min as lo,total with max as hi,total with average as v,$count as n,description with countdistinct as d))", "(invoice_lines(t,lo,hi,v,n,d))", """[[[{"t":303.85,"lo":0.1,"hi":200.25,"v":50.641666666667,"n":7,"d":6}]]]""")]
    [InlineData("aggregate(invoice_lines(total mul 2 with sum as t),$count as n)", "(n,invoice_lines(t))", """[[6,[{"t":607.7}]]]""")]
    [InlineData("groupby((status),aggregate(invoice_lines(total with sum as t,$count as n),$count as i))", "(status,i,invoice_lines(t,n))", """[[null,1,[{"t":null,"n":0}]],["approved",3,[{"t":103.6,"n":6}]],["draft",1,[{"t":200.25,"n":1}]],["new",1,[{"t":null,"n":0}]]]""")]
    [InlineData("groupby((status),filter(id gt 1)/aggregate(invoice_lines($count as n)))", "(status,invoice_lines(n))", """[[null,[{"n":0}]],["approved",[{"n":4}]],["draft",[{"n":1}]],["new",[{"n":0}]]]""")]
    [InlineData("groupby((status),filter(invoice_lines/any(l:l/total gt 50))/aggregate($count as n,invoice_lines/$count with sum as l))", "(status,n,l)", """[[null,0,null],["approved",1,2],["draft",1,1],["new",0,null]]""")]
    [InlineData("concat(identity,identity)/aggregate($count as n)", "(n)", "[[12]]")]
    [InlineData("concat(groupby((status)),groupby((paid)))/filter(status eq 'new' or paid eq true)", "(status,paid)", """[["new"],[true]]""")]
    [InlineData("concat(groupby((status),aggregate($count as n)),aggregate($count as n))/orderby(n desc)/top(2)", "(status,n)", """[[6],["approved",3]]""")]
    [InlineData("concat(groupby((status),aggregate(version with sum as n)),aggregate(gross_total with max as n))/topcount(2,n)", "(status,n)", """[["approved",15],[99999999999.99]]""")]
    [InlineData("concat(filter(id lt 2),filter(invoice_lines/any()))/filter(invoice_lines/$count eq 2)/aggregate($count as n)", "(n)", "[[2]]")]
    [InlineData("concat(concat(top(1),top(2)),top(3))/groupby((id),aggregate($count as n))", "(id,n)", "[[1,3],[2,2],[3,1]]")]
    [InlineData("groupby((status))/search(app OR raf)", "(status)", """[["approved"],["draft"]]""")]
    [InlineData("groupby((status),aggregate($count as n))/concat(topcount(1,n),aggregate(n with sum as all))", "(status,n,all)", """[["approved",3],[6]]""")]
    public async Task A_transformation_gives_what_the_standard_says(string apply, string context, string rows)
    {
        var page = await feed.JsonAsync($"invoices?$apply={apply}", ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal(rows, JsonSerializer.Serialize(page.GetProperty("value").EnumerateArray().Select(static row => row.EnumerateObject().Select(static property => property.Value)), Relaxed));

        page = await feed.JsonAsync($"invoices?$apply={apply}&$count=true");
        Assert.Equal($"{feed.Root}/$metadata#invoices{context}", page.GetProperty("@odata.context").GetString());
        Assert.Equal(page.GetProperty("value").GetArrayLength(), page.GetProperty("@odata.count").GetInt64());
        using var number = await feed.GetAsync($"invoices/$count?$apply={apply}");
        Assert.Equal($"{page.GetProperty("value").GetArrayLength()}", await number.Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal(page.GetProperty("value").GetArrayLength(), (await PagedAsync($"invoices?$apply={apply}", 1)).Count);
    }

    [Theory]
    [InlineData("groupby((invoices/status))", "(invoices(status))", """[{"invoices":{"status":"approved"}},{"invoices":{"status":"draft"}}]""")]
    [InlineData("groupby((invoices/status,invoices/paid),aggregate(total with sum as s))", "(invoices(status,paid),s)", """[{"invoices":{"status":"approved","paid":null},"s":3},{"invoices":{"status":"approved","paid":true},"s":100.6},{"invoices":{"status":"draft","paid":false},"s":200.25}]""")]
    [InlineData("groupby((invoices/status),aggregate($count as n))/filter(invoices/status eq 'draft')", "(invoices(status),n)", """[{"invoices":{"status":"draft"},"n":1}]""")]
    [InlineData("groupby((invoices/status),aggregate($count as n))/orderby(invoices/status desc)/compute(n mul 2 as m)", "(invoices(status),n,m)", """[{"invoices":{"status":"draft"},"n":1,"m":2},{"invoices":{"status":"approved"},"n":6,"m":12}]""")]
    [InlineData("groupby((invoices/status,id))/groupby((invoices/status),aggregate($count as n))", "(invoices(status),n)", """[{"invoices":{"status":"approved"},"n":6},{"invoices":{"status":"draft"},"n":1}]""")]
    [InlineData("aggregate(invoices/gross_total with max as m,invoices/status with countdistinct as d)", "(m,d)", """[{"m":200.25,"d":2}]""")]
    public async Task Values_of_the_row_above_are_grouped_and_aggregated(string apply, string context, string rows)
    {
        var page = await feed.JsonAsync($"invoice_lines?$apply={apply}", ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal(rows, page.GetProperty("value").GetRawText());
        page = await feed.JsonAsync($"invoice_lines?$apply={apply}&$count=true");
        Assert.Equal($"{feed.Root}/$metadata#invoice_lines{context}", page.GetProperty("@odata.context").GetString());
        Assert.Equal(page.GetProperty("value").GetArrayLength(), (await PagedAsync($"invoice_lines?$apply={apply}", 1)).Count);
        using var reader = await ODataMessages.ReaderAsync(feed, await feed.GetAsync($"invoice_lines?$apply={apply}"));
        var read = await reader.CreateODataResourceSetReaderAsync();
        while (await read.ReadAsync())
        {
            // It throws at what it cannot read.
        }
    }

    [Theory]
    [InlineData("invoice_lines?$apply=groupby((invoices/status),aggregate(total with sum as s))&$select=invoices/status&$orderby=s desc", """[{"invoices":{"status":"draft"}},{"invoices":{"status":"approved"}}]""")]
    [InlineData("invoice_lines?$apply=groupby((invoices/status),aggregate(total with sum as s))&$select=s&$orderby=invoices/status desc", """[{"s":200.25},{"s":103.6}]""")]
    [InlineData("invoices?$apply=filter(id lt 4)&$search=approved&$select=id", """[{"id":1},{"id":3}]""")]
    [InlineData("invoices?$apply=groupby((status),aggregate($count as n))&$search=NOT approved&$filter=status ne null", """[{"status":"draft","n":1},{"status":"new","n":1}]""")]
    [InlineData("invoices?$apply=concat(groupby((status),aggregate($count as n)),aggregate($count as n))&$filter=n gt 1&$orderby=n desc", """[{"n":6},{"status":"approved","n":3}]""")]
    [InlineData("invoices?$apply=concat(top(1),top(2))&$select=id&$orderby=id desc", """[{"id":2},{"id":1},{"id":1}]""")]
    [InlineData("invoices?$apply=filter(id le 2)&$select=id&$expand=invoice_lines($select=total)", """[{"id":1,"invoice_lines":[{"total":60.5},{"total":40}]},{"id":2,"invoice_lines":[{"total":200.25}]}]""")]
    [InlineData("invoices?$apply=topcount(2,gross_total)&$select=status&$orderby=id desc&$expand=invoice_lines($select=id)", """[{"status":"new","invoice_lines":[]},{"status":"draft","invoice_lines":[{"id":12}]}]""")]
    [InlineData("invoices?$apply=compute(id mul 2 as n)/filter(n eq 6)&$select=n&$expand=invoice_lines/$count($filter=total gt 1)", """[{"n":6,"invoice_lines@odata.count":1}]""")]
    [InlineData("invoices?$apply=concat(filter(id eq 1),filter(id eq 1))&$select=id&$expand=invoice_lines($select=id;$top=1)", """[{"id":1,"invoice_lines":[{"id":10}]},{"id":1,"invoice_lines":[{"id":10}]}]""")]
    [InlineData("invoice_lines?$apply=filter(total eq 1)&$select=id&$expand=invoices($select=status)", """[{"id":14,"invoices":{"status":"approved"}}]""")]
    public async Task Options_beside_it_see_the_result(string path, string rows)
    {
        var page = await feed.JsonAsync(path, ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal(rows, page.GetProperty("value").GetRawText());
        var paged = await PagedAsync(path, 1, ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal(rows, $"[{string.Join(',', paged.Select(static row => row.GetRawText()))}]");
    }

    [Fact]
    public async Task Made_up_properties_state_their_types()
    {
        var page = await feed.JsonAsync("invoices?$apply=groupby((status,invoice_date),aggregate($count as n,gross_total with sum as s,version with average as a,created_at with max as t))&$filter=status eq 'new'");
        Assert.Equal(
            """[{"status":"new","invoice_date":"2026-03-05","n@odata.type":"#Int64","n":1,"s@odata.type":"#Decimal","s":99999999999.99,"a@odata.type":"#Double","a":0,"t@odata.type":"#DateTimeOffset","t":"2026-03-05T00:00:00Z"}]""",
            page.GetProperty("value").GetRawText());
        var full = await feed.JsonAsync("invoices?$apply=groupby((invoice_date))&$top=1&$skip=1", ("Accept", "application/json;odata.metadata=full"));
        Assert.Equal("""[{"invoice_date@odata.type":"#Date","invoice_date":"2025-12-31"}]""", full.GetProperty("value").GetRawText());
    }

    [Theory]
    [InlineData("$filter=n gt 1", "[[\"approved\",3]]")]
    [InlineData("$orderby=n desc,status desc&$top=2", "[[\"approved\",3],[\"new\",1]]")]
    [InlineData("$orderby=status desc&$skip=3", "[[null,1]]")]
    [InlineData("$filter=status eq null&$select=n", "[[1]]")]
    [InlineData("$compute=n add 1 as m&$select=m&$filter=m eq 4", "[[4]]")]
    [InlineData("$filter=n gt @p&@p=2", "[[\"approved\",3]]")]
    [InlineData("$top=0", "[]")]
    [InlineData("$skip=99", "[]")]
    public async Task Other_options_apply_to_the_result(string options, string rows)
    {
        var page = await feed.JsonAsync($"invoices?$apply=groupby((status),aggregate($count as n))&{options}", ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal(rows, JsonSerializer.Serialize(page.GetProperty("value").EnumerateArray().Select(static row => row.EnumerateObject().Select(static property => property.Value)), Relaxed));
        Assert.False(page.TryGetProperty("@odata.nextLink", out _));
    }

    [Fact]
    public async Task Rows_that_stay_entities_keep_the_context_and_the_order_of_their_key()
    {
        var page = await feed.JsonAsync("invoices?$apply=filter(id gt 4)");
        Assert.Equal($"{feed.Root}/$metadata#invoices", page.GetProperty("@odata.context").GetString());
        Assert.Equal((await feed.JsonAsync("invoices?$filter=id gt 4")).GetProperty("value").GetRawText(), page.GetProperty("value").GetRawText());
        Assert.EndsWith("#invoices(*,n)", (await feed.JsonAsync("invoices?$apply=compute(id add 1 as n)")).GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("#invoices(id)", (await feed.JsonAsync("invoices?$apply=filter(id gt 4)&$select=id")).GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal([5, 6, 1], await feed.IdsAsync("invoices?$apply=concat(filter(id gt 4),filter(id lt 2))"));
        Assert.Equal([2], await feed.IdsAsync("invoices?$apply=top(2)/filter(id ge 2)"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Pages_and_skips_run_over_the_branches_of_concat(int size)
    {
        const string Query = "values?$apply=concat(filter(id le 5),filter(id gt 7 and id le 9),filter(id gt 999),aggregate($count as n))";
        Assert.Equal(["1", "2", "3", "4", "5", "8", "9", "250"], await FirstsAsync(Query));
        Assert.Equal(["5", "8", "9", "250"], await FirstsAsync(Query + "&$skip=4"));
        Assert.Equal(["9", "250"], await FirstsAsync(Query + "&$skip=6"));
        Assert.Equal(["4", "5", "8"], await FirstsAsync(Query + "&$skip=3&$top=3"));

        async Task<List<string>> FirstsAsync(string query) =>
            [.. (await PagedAsync(query, size)).Select(static row => row.EnumerateObject().First(static property => property.Name is "id" or "n").Value.ToString())];
    }

    [Fact]
    public async Task All_pages_read_one_version_of_the_table()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        var page = await own.JsonAsync("invoice_lines?$apply=groupby((invoices_id),aggregate($count as n))", ("Prefer", "odata.maxpagesize=2"));
        await own.LoadAsync(TestTables.Lines, "VALUES (4, 10, 'New', 60.5)", chunkRows: 3);
        Assert.Equal([3, 6], await own.IdsAsync(page.GetProperty("@odata.nextLink").GetString()!, "invoices_id"));
    }

    [Theory]
    [InlineData("aggregate(status with sum as s)", 400, "numbers")]
    [InlineData("aggregate(created_at sub 2026-01-01T00:00:00Z with average as s)", 400, "totalseconds")]
    [InlineData("compute(created_at sub 2026-01-01T00:00:00Z as age)/aggregate(age with sum as s)", 400, "totalseconds")]
    [InlineData("aggregate(gross_total with median as s)", 400, "")]
    [InlineData("aggregate(gross_total with My.median as s)", 501, "My.median")]
    [InlineData("aggregate(colour with sum as s)", 400, "colour")]
    [InlineData("aggregate($count as n,id with sum as n)", 400, "'n'")]
    [InlineData("groupby((status),aggregate($count as status))", 400, "'status'")]
    [InlineData("groupby((colour))", 400, "colour")]
    [InlineData("groupby((invoice_lines/total))", 400, "")]
    [InlineData("groupby(status)", 400, "")]
    [InlineData("groupby((status),top(1))", 501, "top")]
    [InlineData("groupby((rollup(status,paid)))", 501, "rollup")]
    [InlineData("groupby((id,rollup($all,status)),aggregate($count as n))", 501, "rollup")]
    [InlineData("groupby((year(created_at)),aggregate($count as n))", 400, "compute(year(created_at) as name)/groupby((name))")]
    [InlineData("groupby((status)", 400, "parenthesis")]
    [InlineData("groupby((status))/filter(id eq 1)", 400, "id")]
    [InlineData("groupby((status))/groupby((paid))", 400, "paid")]
    [InlineData("filter(id gt)", 400, "$apply")]
    [InlineData("filter(", 400, "parenthesis")]
    [InlineData("filter(id eq 1))", 400, "parenthesis")]
    [InlineData("filter(status eq 'x)", 400, "quote")]
    [InlineData("filter()", 400, "arguments")]
    [InlineData("top(x)", 400, "number")]
    [InlineData("top(-1)", 400, "number")]
    [InlineData("nothing(1)", 501, "nothing")]
    [InlineData("join(invoice_lines as l)", 501, "join")]
    [InlineData("12", 400, "transformation")]
    [InlineData("/", 400, "transformation")]
    [InlineData("concat(aggregate($count as n))", 400, "concat")]
    [InlineData("compute(id add 1 as status)", 400, "status")]
    [InlineData("aggregate($count as 1)", 400, "'1'")]
    [InlineData("aggregate($count as invoice_lines)", 400, "invoice_lines")]
    [InlineData("aggregate(version with average as version)", 400, "version")]
    [InlineData("groupby((paid))/compute(paid as status)", 400, "status")]
    public async Task A_mistake_is_named(string apply, int status, string named)
    {
        using var response = await feed.GetAsync($"invoices?$apply={Uri.EscapeDataString(apply)}");
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$orderby=id", 400)]
    [InlineData("$select=id", 400)]
    [InlineData("$filter=id eq 1", 400)]
    [InlineData("$expand=invoice_lines", 400)]
    public async Task What_the_result_does_not_have_is_an_error(string option, int status)
    {
        using var response = await feed.GetAsync($"invoices?$apply=groupby((status))&{option}");
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("aggregate(status with min as s)")]
    [InlineData("groupby((id),aggregate(status with max as s))")]
    [InlineData("groupby((status))/orderby(status)")]
    [InlineData("groupby((status))/filter(contains(status,'a'))")]
    [InlineData("groupby((status))/topcount(1,status)")]
    public async Task Tokens_have_no_order_in_aggregations(string apply)
    {
        await using var own = await NavigationTests.StartWithTokensAsync();
        await own.LoadAsync(own.Schema.Tables[0], TestTables.InvoiceRows, chunkRows: 4);
        using var response = await own.GetAsync($"invoices?$apply={apply}");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("is pseudonymized", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        Assert.Equal(4, (await own.JsonAsync("invoices?$apply=groupby((status),aggregate(status with countdistinct as n))")).GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task What_is_not_granted_cannot_be_aggregated()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "status" })]);
        using var response = await own.GetAsync("invoices?$apply=aggregate(gross_total with sum as s)");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(4, (await own.JsonAsync("invoices?$apply=groupby((status))")).GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task More_transformations_than_allowed_are_refused()
    {
        await using var own = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => options.MaxTransformations = 3));
        Assert.Equal(3, (await own.IdsAsync("invoices?$apply=top(5)/top(4)/top(3)")).Count);
        using var response = await own.GetAsync("invoices?$apply=concat(top(1),top(1),top(1))");
        Assert.Contains("TooComplex", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    private Task<List<JsonElement>> PagedAsync(string path, int size, params (string Name, string Value)[] headers) =>
        feed.RowsAsync(path, [("Prefer", $"odata.maxpagesize={size}"), .. headers]);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
