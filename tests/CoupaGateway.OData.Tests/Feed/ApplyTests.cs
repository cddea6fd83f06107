using System.Text.Json;
using CoupaGateway.OData.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class ApplyTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("aggregate($count as n)", "(n)", "[[6]]")]
    [InlineData("aggregate(gross_total with sum as s,gross_total with min as lo,gross_total with max as hi)", "(s,lo,hi)", "[[100000000293.839999999999,-7.000000000001,99999999999.99]]")]
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
    [InlineData("aggregate(status with sum as s)", 400, "")]
    [InlineData("aggregate(gross_total with median as s)", 400, "")]
    [InlineData("aggregate(gross_total with My.median as s)", 501, "My.median")]
    [InlineData("aggregate(colour with sum as s)", 400, "colour")]
    [InlineData("aggregate($count as n,id with sum as n)", 400, "'n'")]
    [InlineData("groupby((status),aggregate($count as status))", 400, "'status'")]
    [InlineData("groupby((colour))", 400, "colour")]
    [InlineData("groupby((invoice_lines/total))", 400, "")]
    [InlineData("groupby(status)", 400, "")]
    [InlineData("groupby((status),top(1))", 501, "top")]
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
    [InlineData("groupby((status))/search(a)", 501, "search")]
    [InlineData("12", 400, "transformation")]
    [InlineData("/", 400, "transformation")]
    [InlineData("concat(aggregate($count as n))", 400, "concat")]
    [InlineData("concat(identity,identity)/top(1)", 501, "top")]
    [InlineData("aggregate(invoice_lines(total with sum as t))", 501, "nested")]
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
        Assert.Contains(named, body.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$orderby=id", 400)]
    [InlineData("$select=id", 400)]
    [InlineData("$filter=id eq 1", 400)]
    [InlineData("$expand=invoice_lines", 400)]
    [InlineData("$format=csv", 400)]
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

    private async Task<List<JsonElement>> PagedAsync(string path, int size)
    {
        var rows = new List<JsonElement>();
        for (var next = path; next is not null;)
        {
            var page = await feed.JsonAsync(next, ("Prefer", $"odata.maxpagesize={size}"));
            rows.AddRange(page.GetProperty("value").EnumerateArray());
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return rows;
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
