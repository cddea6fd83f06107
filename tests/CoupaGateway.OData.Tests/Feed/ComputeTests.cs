namespace CoupaGateway.OData.Tests.Feed;

public sealed class ComputeTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("$compute=id mul 2 as n&$select=id,n&$filter=n gt 8", "invoices(id,n)", """[{"id":5,"n@odata.type":"#Int64","n":10},{"id":6,"n@odata.type":"#Int64","n":12}]""")]
    [InlineData("$compute=id mul 2 as n,toupper(status) as s&$select=s&$orderby=n desc&$top=2", "invoices(s)", """[{"s":"APPROVED"},{"s":"NEW"}]""")]
    [InlineData("$compute=gross_total div 2 as half&$select=id,half&$filter=half gt 50 and half lt 60", "invoices(id,half)", """[{"id":1,"half@odata.type":"#Decimal","half":50.25}]""")]
    [InlineData("$compute=status eq 'new' as fresh&$select=fresh&$orderby=fresh desc&$top=1", "invoices(fresh)", """[{"fresh":true}]""")]
    [InlineData("$compute=date(created_at) as day&$select=day&$filter=id in (1,3)", "invoices(day)", """[{"day@odata.type":"#Date","day":"2026-01-01"},{"day":null}]""")]
    [InlineData("$compute=invoice_lines/$count as lines&$select=id,lines&$filter=lines ge 2", "invoices(id,lines)", """[{"id":1,"lines@odata.type":"#Int64","lines":2},{"id":3,"lines@odata.type":"#Int64","lines":3}]""")]
    [InlineData("$compute=created_at sub 2026-01-01T00:00:00Z as age&$select=id,age&$filter=age gt duration'P1D'&$orderby=age desc", "invoices(id,age)", """[{"id":5,"age@odata.type":"#Duration","age":"P63D"},{"id":2,"age@odata.type":"#Duration","age":"P1DT11H30M15.25S"}]""")]
    [InlineData("$compute=time(created_at) as t&$select=t&$orderby=t desc&$top=2", "invoices(t)", """[{"t@odata.type":"#TimeOfDay","t":"23:59:59.999999"},{"t@odata.type":"#TimeOfDay","t":"11:30:15.25"}]""")]
    [InlineData("$compute=gross_total div 3 as n,gross_total div -7 as m&$select=n,m&$filter=id eq 5", "invoices(n,m)", """[{"n@odata.type":"#Decimal","n":33333333333.33,"m@odata.type":"#Decimal","m":-14285714285.712857142857}]""")]
    [InlineData("$compute=gross_total div 2 div 2 div 2 as c,gross_total div 2 div 2 div 2 div 2 div 2 div 2 as f,1.5703125 as h&$select=c,f,h&$filter=id eq 1", "invoices(c,f,h)", """[{"c@odata.type":"#Decimal","c":12.5625,"f@odata.type":"#Decimal","f":1.5703125,"h@odata.type":"#Decimal","h":1.5703125}]""")]
    [InlineData("$compute=totalseconds(created_at sub 1926-01-01T00:00:00Z) as n&$select=n&$filter=id eq 4", "invoices(n)", """[{"n@odata.type":"#Decimal","n":3155759999.999999}]""")]
    [InlineData("$compute=null as x&$select=x&$top=1", "invoices(x)", """[{"x":null}]""")]
    public async Task A_computed_property_can_be_selected_filtered_and_ordered_by(string query, string context, string rows)
    {
        var page = await feed.JsonAsync($"invoices?{query}");
        Assert.Equal($"{feed.Root}/$metadata#{context}", page.GetProperty("@odata.context").GetString());
        Assert.Equal(rows, page.GetProperty("value").GetRawText());
    }

    [Fact]
    public async Task Without_a_selection_it_stands_beside_the_columns()
    {
        var page = await feed.JsonAsync("invoices?$compute=id mul 2 as n&$top=1");
        Assert.EndsWith("#invoices(*,n)", page.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal(TestTables.Invoices.Columns.Length + 2, page.GetProperty("value")[0].EnumerateObject().Count());
        Assert.Equal(page.GetProperty("value").GetRawText(), (await feed.JsonAsync("invoices?$compute=id mul 2 as n&$top=1&$select=*")).GetProperty("value").GetRawText());

        var plain = await feed.JsonAsync("invoices?$compute=id mul 2 as n&$top=1&$select=n", ("Accept", "application/json;odata.metadata=none"));
        Assert.Equal("""[{"n":2}]""", plain.GetProperty("value").GetRawText());
    }

    [Fact]
    public async Task An_order_by_a_computed_property_holds_over_pages()
    {
        var page = await feed.JsonAsync("invoices?$compute=version mod 2 as odd&$orderby=odd,id desc&$select=id&$count=true&$filter=odd ne 0", ("Prefer", "odata.maxpagesize=2"));
        Assert.Equal(5, page.GetProperty("@odata.count").GetInt64());
        var ids = page.GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("id").GetInt64()).Concat(await feed.IdsAsync(page.GetProperty("@odata.nextLink").GetString()!));
        Assert.Equal([2, 4, 6, 3, 1], ids);
    }

    [Theory]
    [InlineData("created_at sub 2026-01-01T00:00:00Z", "age", new long[] { 5, 2, 1, 6, 4, 3 })]
    [InlineData("time(created_at)", "clock", new long[] { 4, 2, 1, 6, 5, 3 })]
    public async Task An_order_by_a_duration_or_a_time_holds_over_pages(string expression, string name, long[] expected)
    {
        foreach (var order in new[] { $"$orderby={expression} desc", $"$compute={expression} as {name}&$orderby={name} desc", $"$apply=compute({expression} as {name})&$orderby={name} desc" })
            Assert.Equal(expected, await feed.IdsAsync($"invoices?{order}&$select=id", pageSize: 1));
    }

    [Fact]
    public async Task Durations_beyond_all_calendars_are_refused()
    {
        var longest = string.Join(" add ", Enumerable.Repeat("duration'P10000000D'", 12));
        using var response = await feed.GetAsync($"invoices?$compute={longest} as age&$select=age");
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True((int)response.StatusCode == 400, body);
        Assert.Contains("InvalidValue", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_in_downloads()
    {
        var csv = await (await feed.GetAsync("invoices?$compute=id mul 2 as n&$select=id,n&$filter=n gt 8&$format=csv")).Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.Equal("id,n\r\n5,10\r\n6,12\r\n", csv);
        using var parquet = await feed.GetAsync("invoices?$compute=id mul 2 as n&$select=id,n&$filter=n gt 8&$format=parquet");
        Assert.True(parquet.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("$compute=toupper(status) as s")]
    [InlineData("$compute=status as s&$orderby=s")]
    [InlineData("$compute=status as s&$filter=contains(s,'a')")]
    public async Task A_token_stays_one_under_another_name(string query)
    {
        await using var own = await NavigationTests.StartWithTokensAsync();
        await own.LoadAsync(own.Schema.Tables[0], TestTables.InvoiceRows, chunkRows: 4);
        using var response = await own.GetAsync($"invoices?{query}");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("is pseudonymized", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        Assert.Equal(3, (await own.IdsAsync("invoices?$compute=status as s&$filter=s eq 'approved'")).Count);
    }
}
