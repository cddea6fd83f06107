using System.Net;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Paths over navigation and to properties.</summary>
public sealed class PathTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("invoices(3)/invoice_lines?$select=id", """{"@odata.context":"$metadata#invoice_lines(id)","value":[{"id":13},{"id":14},{"id":15}]}""")]
    [InlineData("invoices(3)/invoice_lines?$select=id&$filter=total gt 1&$count=true", """{"@odata.context":"$metadata#invoice_lines(id)","@odata.count":1,"value":[{"id":15}]}""")]
    [InlineData("invoices(3)/invoice_lines?$select=id&$count=true&$top=1&$orderby=total desc", """{"@odata.context":"$metadata#invoice_lines(id)","@odata.count":3,"value":[{"id":15}]}""")]
    [InlineData("invoices(4)/invoice_lines", """{"@odata.context":"$metadata#invoice_lines","value":[]}""")]
    [InlineData("invoices(1)/invoice_lines(10)?$select=total", """{"@odata.context":"$metadata#invoice_lines(total)/$entity","total":60.5}""")]
    [InlineData("invoices(1)/invoice_lines(invoices_id=1,id=11)?$select=id", """{"@odata.context":"$metadata#invoice_lines(id)/$entity","id":11}""")]
    [InlineData("invoice_lines(invoices_id=2,id=12)/invoices?$select=id,status", """{"@odata.context":"$metadata#invoices(id,status)/$entity","id":2,"status":"draft"}""")]
    [InlineData("invoice_lines(invoices_id=3,id=14)/invoices/invoice_lines?$select=id", """{"@odata.context":"$metadata#invoice_lines(id)","value":[{"id":13},{"id":14},{"id":15}]}""")]
    [InlineData("invoices(1)/status", """{"@odata.context":"$metadata#invoices(1)/status","value":"approved"}""")]
    [InlineData("invoices(1)/id", """{"@odata.context":"$metadata#invoices(1)/id","value":1}""")]
    [InlineData("invoice_lines(invoices_id=2,id=12)/invoices/gross_total", """{"@odata.context":"$metadata#invoices(2)/gross_total","value":200.25}""")]
    [InlineData("invoice_lines(invoices_id=2,id=12)/total", """{"@odata.context":"$metadata#invoice_lines(invoices_id=2,id=12)/total","value":200.25}""")]
    [InlineData("invoices(1)/$ref", """{"@odata.context":"$metadata#$ref","@odata.id":"ROOT/invoices(1)"}""")]
    [InlineData("invoice_lines(invoices_id=2,id=12)/invoices/$ref", """{"@odata.context":"$metadata#$ref","@odata.id":"ROOT/invoices(2)"}""")]
    [InlineData("invoices(1)/invoice_lines/$ref", """{"@odata.context":"$metadata#Collection($ref)","value":[{"@odata.id":"ROOT/invoice_lines(invoices_id=1,id=10)"},{"@odata.id":"ROOT/invoice_lines(invoices_id=1,id=11)"}]}""")]
    [InlineData("invoices/$ref?$filter=id gt 5&$count=true", """{"@odata.context":"$metadata#Collection($ref)","@odata.count":1,"value":[{"@odata.id":"ROOT/invoices(6)"}]}""")]
    [InlineData("invoices(@k)/status?@k=2", """{"@odata.context":"$metadata#invoices(2)/status","value":"draft"}""")]
    [InlineData("invoice_lines(invoices_id=@a,id=@b)?$select=id&@a=1&@b=11", """{"@odata.context":"$metadata#invoice_lines(id)/$entity","id":11}""")]
    [InlineData("invoices(2)?$select=id&$expand=invoice_lines($select=id)", """{"@odata.context":"$metadata#invoices(id,invoice_lines(id))/$entity","id":2,"invoice_lines":[{"id":12}]}""")]
    [InlineData("invoices(1)/invoice_lines(10)?$select=id&$expand=invoices($select=id)", """{"@odata.context":"$metadata#invoice_lines(id,invoices(id))/$entity","id":10,"invoices":{"id":1}}""")]
    [InlineData("invoices(2)?$select=n&$compute=id mul 2 as n", """{"@odata.context":"$metadata#invoices(n)/$entity","n@odata.type":"#Int64","n":4}""")]
    [InlineData("invoices(3)/invoice_lines?$apply=aggregate(total with sum as s)", """{"@odata.context":"$metadata#invoice_lines(s)","value":[{"s@odata.type":"#Decimal","s":3}]}""")]
    public async Task A_path_leads_to_rows_and_properties(string path, string expected)
    {
        using var response = await feed.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal(expected, body.Replace($"{feed.Root}/$metadata", "$metadata", StringComparison.Ordinal).Replace(feed.Root, "ROOT", StringComparison.Ordinal));

        using var head = await feed.SendAsync(HttpMethod.Head, path);
        Assert.Equal(response.StatusCode, head.StatusCode);
        Assert.Equal(response.Content.Headers.ContentType, head.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData("invoices(1)/invoice_lines/$count", "2")]
    [InlineData("invoices(3)/invoice_lines/$count?$filter=total gt 1", "1")]
    [InlineData("invoices(4)/invoice_lines/$count", "0")]
    [InlineData("invoices(1)/status/$value", "approved")]
    [InlineData("invoices(3)/invoice_number/$value", "O'Neil \"3\"")]
    [InlineData("invoices(5)/invoice_number/$value", " Übung ")]
    [InlineData("invoices(1)/gross_total/$value", "100.5")]
    [InlineData("invoices(1)/id/$value", "1")]
    [InlineData("invoices(1)/paid/$value", "true")]
    [InlineData("invoices(1)/created_at/$value", "2026-01-01T10:00:00Z")]
    [InlineData("invoices(1)/invoice_date/$value", "2026-01-01")]
    public async Task A_number_or_a_value_comes_as_plain_text(string path, string expected)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("invoices(3)/gross_total")]
    [InlineData("invoices(3)/gross_total/$value")]
    [InlineData("invoices(4)/status")]
    public async Task Null_has_no_content(string path)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(FeedFixture.Stop));
    }

    [Fact]
    public async Task Pages_of_nested_rows_follow_each_other()
    {
        var page = await feed.JsonAsync("invoices(3)/invoice_lines?$select=id", ("Prefer", "odata.maxpagesize=1"));
        var next = page.GetProperty("@odata.nextLink").GetString()!;
        Assert.StartsWith($"{feed.Root}/invoices(3)/invoice_lines?$select=id&$skiptoken=", next, StringComparison.Ordinal);
        Assert.Equal([14, 15], await feed.IdsAsync(next));
        using var other = await feed.GetAsync(next.Replace("invoices(3)", "invoices(1)", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task A_link_of_an_expanded_collection_gives_the_other_rows()
    {
        Assert.Equal([14], await feed.IdsAsync("invoices(3)/invoice_lines?$select=id&$orderby=id desc&$top=1&$skip=1"));
        var csv = await (await feed.GetAsync("invoices(3)/invoice_lines?$select=id&$format=csv")).Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.Equal("id\r\n13\r\n14\r\n15\r\n", csv);
    }

    [Fact]
    public async Task What_is_not_granted_has_no_path()
    {
        await using var own = await FeedFixture.StartAsync(static _ => { });
        own.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "status" })]);
        foreach (var path in (string[])["invoices(1)/gross_total", "invoices(1)/invoice_lines", "invoices(1)/gross_total/$value"])
        {
            using var response = await own.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }
}
