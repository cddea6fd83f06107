using System.Net;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Which of several formats a client gets.</summary>
public sealed class NegotiationTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    private const string Minimal = "application/json;odata.metadata=minimal;odata.streaming=true";

    [Theory]
    [InlineData("*/*", Minimal)]
    [InlineData("application/*", Minimal)]
    [InlineData("application/json;odata.metadata=none;q=0.5, application/json;odata.metadata=full", "application/json;odata.metadata=full;odata.streaming=true")]
    [InlineData("application/json;metadata=full;q=0.1, application/json;metadata=none;q=0.9", "application/json;odata.metadata=none;odata.streaming=true")]
    [InlineData("application/json;ODATA.Metadata=\"Full\"", "application/json;odata.metadata=full;odata.streaming=true")]
    [InlineData("application/json;odata.metadata=huge, application/json;q=0.5", Minimal)]
    [InlineData("application/json;IEEE754Compatible=true;odata.streaming=false;charset=utf-8;x=y", Minimal + ";IEEE754Compatible=true")]
    [InlineData("application/json;ieee754compatible=TRUE", Minimal + ";IEEE754Compatible=true")]
    [InlineData("application/json;IEEE754Compatible=false", Minimal)]
    [InlineData("application/json;odata=verbose", Minimal)]
    [InlineData("application/atom+xml, text/csv;q=0.4, application/json;q=0.3", "text/csv; charset=utf-8; header=present")]
    [InlineData("text/csv;q=0.2, */*;q=0.3", Minimal)]
    [InlineData("application/json;q=0, text/csv;q=0.1", "text/csv; charset=utf-8; header=present")]
    [InlineData("APPLICATION/JSON", Minimal)]
    public async Task The_format_with_the_highest_quality_is_chosen(string accept, string expected)
    {
        using var response = await feed.GetAsync("invoices", ("Accept", accept));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.NonValidated["Content-Type"].ToString());
    }

    [Theory]
    [InlineData("invoices", "application/json;q=0, */*")]
    [InlineData("invoices", "application/json;q=0")]
    [InlineData("invoices", "application/*;q=0, */*;q=0.1")]
    [InlineData("invoices", "application/json;IEEE754Compatible=maybe")]
    [InlineData("invoices(1)", "text/csv")]
    [InlineData("invoices", "not a type")]
    [InlineData("$metadata", "application/xml;q=0, application/json;q=0, */*")]
    [InlineData("invoices/$count", "text/plain;q=0, application/*;q=0, */*")]
    [InlineData("", "application/xml")]
    public async Task What_the_feed_does_not_have_is_not_acceptable(string path, string accept)
    {
        using var response = await feed.GetAsync(path, ("Accept", accept));
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Contains("\"target\":\"Accept\"", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/*", "application/xml")]
    [InlineData("application/xml;q=0, */*", "application/json")]
    [InlineData("application/json, */*;q=0.1", "application/json")]
    [InlineData("application/json, application/xml;q=0.1", "application/xml")]
    public async Task Metadata_is_xml_wherever_the_client_takes_it(string accept, string expected)
    {
        using var response = await feed.GetAsync("$metadata", ("Accept", accept));
        Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
    }
}
