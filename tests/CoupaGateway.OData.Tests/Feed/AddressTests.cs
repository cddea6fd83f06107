using CoupaGateway.OData.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Links name the address that clients use.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData(null, "http://reports.example:8080/odata/demo/")]
    [InlineData("https://data.example.com/coupa", "https://data.example.com/coupa/odata/demo/")]
    [InlineData("https://data.example.com/coupa/", "https://data.example.com/coupa/odata/demo/")]
    public async Task Context_and_next_link_begin_with_the_public_address_if_there_is_one_or_else_with_the_host_asked(string? address, string expected)
    {
        await using var feed = await FeedFixture.StartAsync(services => services.Configure<FeedOptions>(options => options.PublicBaseAddress = address is null ? null : new(address)));
        (string, string)[] headers = [("Host", "reports.example:8080"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"), ("Prefer", "odata.maxpagesize=1")];

        var page = await feed.JsonAsync("invoices?$format=application/json;odata.metadata=full", headers);

        Assert.StartsWith(expected + "$metadata#invoices", page.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(expected + "invoices?", page.GetProperty("@odata.nextLink").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(expected + "invoices(1)", page.GetProperty("value")[0].GetProperty("@odata.id").GetString(), StringComparison.Ordinal);
        Assert.Equal(expected + "$metadata", (await feed.JsonAsync("", headers)).GetProperty("@odata.context").GetString());
    }
}
