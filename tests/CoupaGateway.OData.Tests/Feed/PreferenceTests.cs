using System.Net;
using CoupaGateway.OData.Formats;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class PreferenceTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Theory]
    [InlineData("odata.maxpagesize=2", 2, "odata.maxpagesize=2")]
    [InlineData("maxpagesize=2", 2, "maxpagesize=2")]
    [InlineData("OData.MaxPageSize = \"2\" ; x=y", 2, "OData.MaxPageSize=2")]
    [InlineData("return=minimal, ODATA.maxpagesize=2, maxpagesize=3", 2, "ODATA.maxpagesize=2")]
    [InlineData("wait=5;x=\",odata.maxpagesize=1\", odata.maxpagesize=2", 2, "odata.maxpagesize=2")]
    [InlineData("odata.maxpagesize=99999999999", 6, "odata.maxpagesize=1000")]
    [InlineData("odata.maxpagesize=0", 6, null)]
    [InlineData("odata.maxpagesize=-2", 6, null)]
    [InlineData("odata.maxpagesize=two", 6, null)]
    [InlineData("odata.maxpagesize", 6, null)]
    [InlineData("respond-async, wait=10", 6, null)]
    [InlineData("odata.callback;url=\"http://a.example\"", 6, null)]
    [InlineData("\"", 6, null)]
    [InlineData("=,;,,", 6, null)]
    public async Task A_page_size_is_honoured_and_acknowledged_as_the_client_wrote_it(string prefer, int rows, string? applied)
    {
        using var response = await feed.GetAsync("invoices", ("Prefer", prefer));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(rows, System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement.GetProperty("value").GetArrayLength());
        Assert.Equal(applied, response.Headers.TryGetValues("Preference-Applied", out var values) ? Assert.Single(values) : null);
    }

    [Theory]
    [InlineData("omit-values=nulls", "omit-values=nulls")]
    [InlineData("omit-values=\"nulls\"", "omit-values=nulls")]
    [InlineData("odata.omit-values=nulls", "odata.omit-values=nulls")]
    public async Task Nulls_are_left_out_for_who_asks(string prefer, string applied)
    {
        using var rows = await feed.GetAsync("invoices?$select=id,status,version&$filter=id ge 3 and id le 4", ("Prefer", prefer));
        Assert.EndsWith("\"value\":[{\"id\":3,\"status\":\"approved\",\"version\":5},{\"id\":4,\"version\":-3}]}", await rows.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        Assert.Equal(applied, Assert.Single(rows.Headers.GetValues("Preference-Applied")));

        using var row = await feed.GetAsync("invoices(4)?$select=status", ("Prefer", prefer));
        Assert.Equal($"{{\"@odata.context\":\"{feed.Root}/$metadata#invoices(status)/$entity\"}}", await row.Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal(applied, Assert.Single(row.Headers.GetValues("Preference-Applied")));
    }

    [Fact]
    public async Task Values_are_omitted_as_nulls_only()
    {
        using var response = await feed.GetAsync("invoices(4)?$select=status", ("Prefer", "omit-values=defaults"));
        Assert.EndsWith("\"status\":null}", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Preference-Applied"));
    }

    [Theory]
    [InlineData("odata.include-annotations=\"*\"", true)]
    [InlineData("include-annotations=\"Coupa.*\"", true)]
    [InlineData("odata.include-annotations=\"-*,Coupa.Watermark\"", true)]
    [InlineData("odata.include-annotations=\"*,-Coupa.Watermark\"", false)]
    [InlineData("odata.include-annotations=\"Org.OData.Core.V1.*\"", false)]
    [InlineData("odata.include-annotations=\"\"", false)]
    [InlineData("odata.include-annotations=\"*.*\"", false)]
    [InlineData("respond-async", false)]
    public async Task The_age_of_rows_is_told_to_who_asks(string prefer, bool told)
    {
        feed.Catalog.Touch(new("demo", "invoices"), new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        const string Expected = "\"@Coupa.Watermark\":\"2026-11-25T12:00:00.000000Z\",";
        foreach (var path in new[] { "invoices?$count=true", "invoices(1)" })
        {
            using var response = await feed.GetAsync(path, ("Prefer", prefer));
            Assert.Equal(told, (await response.Content.ReadAsStringAsync(FeedFixture.Stop)).Contains(Expected, StringComparison.Ordinal));
            if (told)
                Assert.Equal(prefer, Assert.Single(response.Headers.GetValues("Preference-Applied")));
        }
    }

    [Fact]
    public void The_first_of_several_headers_wins()
    {
        var preferences = Preferences.Parse(new[] { "odata.maxpagesize=5, omit-values=nulls", "maxpagesize=7" });
        Assert.Equal((5, true), (preferences.MaxPageSize!.Value, preferences.OmitNulls));
    }
}
