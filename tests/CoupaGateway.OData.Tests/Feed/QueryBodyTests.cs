using System.Net;
using System.Text;
using System.Text.Json;
using CoupaGateway.OData.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Queries as the body of <c>POST …/$query</c>.</summary>
public sealed class QueryBodyTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("invoices/$query", "$filter=id le 3&$select=id", "invoices?$filter=id le 3&$select=id")]
    [InlineData("invoices/%24query", "?$filter=id%20le%203&$count=true\n", "invoices?$filter=id le 3&$count=true")]
    [InlineData("invoices/$query?$top=2", "$orderby=id%20desc", "invoices?$top=2&$orderby=id desc")]
    [InlineData("invoices/$query", "", "invoices")]
    [InlineData("invoices/$query", "$format=csv", "invoices?$format=csv")]
    [InlineData("invoices(1)/$query", "$select=status", "invoices(1)?$select=status")]
    [InlineData("invoices/$count/$query", "$filter=status%20eq%20'approved'", "invoices/$count?$filter=status eq 'approved'")]
    public async Task A_query_in_the_body_is_answered_as_one_in_the_url(string path, string body, string same)
    {
        using var answer = await feed.PostAsync(path, "text/plain", Encoding.UTF8.GetBytes(body));
        using var expected = await feed.GetAsync(same);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(await expected.Content.ReadAsStringAsync(FeedFixture.Stop), await answer.Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Null(answer.Headers.ETag);
    }

    [Fact]
    public async Task Further_pages_are_read_as_usual()
    {
        using var first = await feed.PostAsync("invoices/$query", "text/plain;charset=utf-8", Encoding.UTF8.GetBytes("$filter=id gt 1&$select=id"), ("Prefer", "odata.maxpagesize=2"));
        var page = JsonDocument.Parse(await first.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement;
        var next = page.GetProperty("@odata.nextLink").GetString()!;
        Assert.StartsWith($"{feed.Root}/invoices?$filter=", next, StringComparison.Ordinal);
        Assert.Equal([4, 5, 6], await feed.IdsAsync(next));
    }

    [Fact]
    public async Task A_query_that_no_link_could_repeat_has_all_its_rows_in_one_page()
    {
        var ids = string.Join(',', Enumerable.Range(1, 9_000));
        using var response = await feed.PostAsync("values/$query", "text/plain", Encoding.UTF8.GetBytes($"$select=id&$filter=id in ({ids})"), ("Prefer", "odata.maxpagesize=10"));
        var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement;
        Assert.Equal(250, page.GetProperty("value").GetArrayLength());
        Assert.False(page.TryGetProperty("@odata.nextLink", out _));
        Assert.False(response.Headers.Contains("Preference-Applied"));
    }

    [Fact]
    public async Task Caches_are_not_asked()
    {
        using var response = await feed.PostAsync("invoices/$query", "text/plain", [], ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("invoices/$query", "application/json", "{}", 415, "Content-Type")]
    [InlineData("invoices/$query", "", "$top=1", 415, "Content-Type")]
    [InlineData("invoices/$query", "text/plain;charset=utf-16", "$top=1", 415, "Content-Type")]
    [InlineData("invoices/$query", "text/plain", "$colour=1", 400, "$colour")]
    [InlineData("invoices/$query?$top=1", "text/plain", "$top=1", 400, "$top")]
    [InlineData("invoices/$query", "text/plain", "\u00ff", 400, "body")]
    [InlineData("nothing/$query", "text/plain", "", 404, "nothing")]
    [InlineData("$query", "text/plain", "", 405, "POST")]
    public async Task A_mistake_is_answered_with_an_error_that_names_it(string path, string contentType, string body, int status, string named)
    {
        using var response = await feed.PostAsync(path, contentType, Encoding.Latin1.GetBytes(body));
        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Contains(named, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_long_is_refused(bool chunked)
    {
        await using var small = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => options.MaxQueryBytes = 2_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{small.Root}/invoices/$query") { Content = new StringContent("$filter=status eq '" + new string('x', 2_000) + "'", Encoding.UTF8, "text/plain") };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await small.Client.SendAsync(request, FeedFixture.Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }
}
