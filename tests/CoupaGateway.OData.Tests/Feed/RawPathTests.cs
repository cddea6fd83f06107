using System.Net;
using System.Xml.Linq;
using CoupaGateway.OData.Feed;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>How resources are addressed: encoded characters, keys, what is not supported.</summary>
public sealed class RawPathTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("invoices(1)")]
    [InlineData("invoices%281%29")]
    [InlineData("%69nvoices(%31)")]
    [InlineData("invoices(id=1)")]
    [InlineData("invoices(id%3D1)")]
    [InlineData("invoices(01)")]
    [InlineData("./invoices(1)")]
    [InlineData("invoices(2)/../invoices(1)")]
    [InlineData("invoices(@key)?@key=1")]
    [InlineData("invoices(id=@key)?@key=1")]
    [InlineData("invoices(id=@key)?@key=%31")]
    [InlineData("invoices(@key)?@key=1&@other=2")]
    public async Task A_row_is_found_however_its_address_is_written(string path) =>
        Assert.Equal(1, (await feed.JsonAsync(path)).GetProperty("id").GetInt64());

    [Theory]
    [InlineData("invoice_lines(invoices_id=@a,id=@b)?@a=3&@b=14")]
    [InlineData("invoice_lines(id=@b,invoices_id=3)?@b=14")]
    [InlineData("invoice_lines(invoices_id=3,%20id=14)")]
    public async Task A_key_of_several_parts_takes_them_in_any_order(string path) =>
        Assert.Equal("Pens", (await feed.JsonAsync(path)).GetProperty("description").GetString());

    [Theory]
    [InlineData("invoices('a%2Fb')", 400, "")]
    [InlineData("invoices('a%252Fb')", 400, "")]
    [InlineData("invoices('a%2fb(c)''%25')", 400, "")]
    [InlineData("invoices('a/b')", 400, "")]
    [InlineData("invoices%2F1", 404, "invoices/1")]
    [InlineData("invoices(1)%2Fstatus", 400, "")]
    [InlineData("invoices/1", 400, "'invoices(1)'")]
    [InlineData("invoices(1)/", 200, "")]
    [InlineData("invoices()", 200, "")]
    [InlineData("invoices(1)(2)", 400, "")]
    [InlineData("invoices(1", 400, "")]
    [InlineData("invoices(x=1)", 400, "")]
    [InlineData("invoices(1.5)", 400, "")]
    [InlineData("invoices(9223372036854775808)", 400, "")]
    [InlineData("invoices(null)", 400, "")]
    [InlineData("invoices(@key)", 400, "@key")]
    [InlineData("invoices(@key)?@key='x'", 400, "@key")]
    [InlineData("invoices(@key)?@key=null", 400, "@key")]
    [InlineData("invoices(@key)?@key=", 400, "@key")]
    [InlineData("invoices(@key)?@key=99", 404, "invoices")]
    [InlineData("invoice_lines(invoices_id=@a)?@a=1", 400, "")]
    [InlineData("INVOICES", 404, "INVOICES")]
    [InlineData("%FF", 404, "")]
    [InlineData("%25", 404, "")]
    public async Task What_is_no_address_is_answered_with_an_error_that_says_so(string path, int status, string named)
    {
        using var response = await feed.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/odata/demo/t('a%2Fb')/c", "t('a%2Fb')/c", "t%28%27a%2Fb%27%29/c")]
    [InlineData("/odata/demo/t('a%252Fb')/c", "t('a%2Fb')/c", "t%28%27a%252Fb%27%29/c")]
    [InlineData("/odata/demo/t('a%2fb')?x=/y", "t('a%2fb')", "t%28%27a%2Fb%27%29")]
    [InlineData("/proxy/odata/demo/t('%C3%BC')", "t('ü')", "t%28%27%C3%BC%27%29")]
    [InlineData("http://h.example/odata/demo/t('%25')", "t('%')", "t%28%27%25%27%29")]
    [InlineData("/odata/demo/u/../t(1)", "t(1)", "t%281%29")]
    [InlineData("/odata/demo", null, "")]
    [InlineData("", "t('a b')", "t%28%27a%20b%27%29")]
    public void A_slash_in_a_literal_is_told_from_one_between_segments(string target, string? route, string expected)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        context.Request.RouteValues["path"] = route;
        Assert.Equal(expected, RawPath.Of(context));
    }

    [Fact]
    public async Task Links_lead_on_from_an_address_that_is_written_in_another_way() =>
        Assert.Equal([1, 2, 3, 4, 5, 6], await feed.IdsAsync("%69nvoices?$orderby=id&$top=6"));

    [Theory]
    [InlineData("$crossjoin(invoices,values)", "$crossjoin")]
    [InlineData("%24crossjoin(invoices)?$filter=true", "$crossjoin")]
    [InlineData("$all", "$all")]
    [InlineData("$all/Coupa.invoices", "$all")]
    [InlineData("$entity", "$entity")]
    [InlineData("$entity?$id=invoices(1)", "$id")]
    [InlineData("invoices/$each", "each")]
    [InlineData("invoices/Coupa.invoices", "Coupa.invoices")]
    public async Task What_the_feed_does_not_support_is_not_implemented(string path, string named)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_schema_that_metadata_names_can_be_asked_for_and_no_other()
    {
        using var metadata = await feed.GetAsync("$metadata?$schemaversion=*");
        var version = XDocument.Parse(await metadata.Content.ReadAsStringAsync(FeedFixture.Stop)).Descendants()
            .Single(static element => ((string?)element.Attribute("Term"))?.EndsWith("SchemaVersion", StringComparison.Ordinal) == true).Attribute("String")!.Value;
        version = Uri.EscapeDataString(version);
        foreach (var path in new[] { "", "$metadata", "invoices", "invoices(1)", "invoices/$count", "$openapi" })
        {
            using var now = await feed.GetAsync($"{path}?$schemaversion={version}");
            Assert.Equal(HttpStatusCode.OK, now.StatusCode);
            using var other = await feed.GetAsync($"{path}?$schemaversion=1");
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
            Assert.Contains("\"target\":\"$schemaversion\"", await other.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], await feed.IdsAsync($"invoices?$schemaversion={version}&$select=id"));
    }
}
