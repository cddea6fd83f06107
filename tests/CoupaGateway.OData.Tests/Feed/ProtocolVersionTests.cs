using System.Net;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>OData 4.0 by default, 4.01 for clients that ask for it.</summary>
public sealed class ProtocolVersionTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData(null, "4.0")]
    [InlineData("4.0", "4.0")]
    [InlineData("4", "4.0")]
    [InlineData(" 4.0 ; NetFx ", "4.0")]
    [InlineData("4.01", "4.01")]
    [InlineData("4.01;Library", "4.01")]
    [InlineData("4.02", "4.01")]
    [InlineData("5.0", "4.01")]
    public async Task The_answer_is_in_the_highest_version_that_the_client_names(string? most, string expected)
    {
        (string, string)[] headers = most is null ? [] : [("OData-MaxVersion", most)];
        foreach (var path in new[] { "", "$metadata", "invoices", "invoices(1)", "invoices/$count", "nothing" })
        {
            using var response = await feed.GetAsync(path, headers);
            Assert.Equal(expected, Assert.Single(response.Headers.GetValues("OData-Version")));
        }
    }

    [Fact]
    public async Task Control_information_of_4_01_has_short_names()
    {
        using var response = await feed.GetAsync("invoices?$select=id&$count=true", ("OData-MaxVersion", "4.01"), ("Prefer", "maxpagesize=1"));
        Assert.Equal("application/json;metadata=minimal;streaming=true", response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Equal("maxpagesize=1", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.StartsWith($"{{\"@context\":\"{feed.Root}/$metadata#invoices(id)\",\"@count\":6,\"value\":[{{\"id\":1}}],\"@nextLink\":\"", body, StringComparison.Ordinal);

        var full = (await feed.JsonAsync("invoices?$select=id,created_at,invoice_lines&$format=application/json;metadata=full", ("OData-MaxVersion", "4.01"))).GetProperty("value")[0].GetRawText();
        Assert.Equal(
            $"{{\"@type\":\"#Coupa.invoices\",\"@id\":\"{feed.Root}/invoices(1)\",\"id@type\":\"Int64\",\"id\":1,\"created_at@type\":\"DateTimeOffset\",\"created_at\":\"2026-01-01T10:00:00Z\"," +
            $"\"invoice_lines@associationLink\":\"{feed.Root}/invoices(1)/invoice_lines/$ref\",\"invoice_lines@navigationLink\":\"{feed.Root}/invoices(1)/invoice_lines\"}}",
            full);
        Assert.Equal($"{{\"@context\":\"{feed.Root}/$metadata#invoices(id)/$entity\",\"id\":1}}", (await feed.JsonAsync("invoices(1)?$select=id", ("OData-MaxVersion", "4.01"))).GetRawText());
        Assert.Equal($"{feed.Root}/$metadata", (await feed.JsonAsync("", ("OData-MaxVersion", "4.01"))).GetProperty("@context").GetString());
    }

    [Theory]
    [InlineData("OData-MaxVersion", "3.0")]
    [InlineData("OData-MaxVersion", "new")]
    [InlineData("OData-MaxVersion", ";NetFx")]
    [InlineData("OData-MaxVersion", "4.0,4.01")]
    [InlineData("OData-MaxVersion", "-4.0")]
    [InlineData("OData-Version", "3.0")]
    [InlineData("OData-Version", "4.02")]
    [InlineData("OData-Version", "x")]
    public async Task A_version_that_the_feed_does_not_speak_is_refused(string header, string value)
    {
        using var response = await feed.GetAsync("invoices", (header, value));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"target\":\"{header}\"", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        Assert.Equal("4.0", Assert.Single(response.Headers.GetValues("OData-Version")));
    }

    [Theory]
    [InlineData("4.0")]
    [InlineData("4.01")]
    public async Task The_version_of_a_request_may_be_named(string version) =>
        Assert.Equal(6, (await feed.JsonAsync("invoices", ("OData-Version", version))).GetProperty("value").GetArrayLength());
}
