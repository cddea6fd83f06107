using CoupaGateway.OData.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class CompressionTests
{
    [Theory]
    [InlineData(FeedCompression.UnlessCrossSite, null, null, true)]
    [InlineData(FeedCompression.UnlessCrossSite, "none", null, true)]
    [InlineData(FeedCompression.UnlessCrossSite, "same-origin", null, true)]
    [InlineData(FeedCompression.UnlessCrossSite, "same-site", null, false)]
    [InlineData(FeedCompression.UnlessCrossSite, "cross-site", null, false)]
    [InlineData(FeedCompression.UnlessCrossSite, "something-new", null, false)]
    [InlineData(FeedCompression.UnlessCrossSite, null, "https://evil.example", false)]
    [InlineData(FeedCompression.UnlessCrossSite, null, "null", false)]
    [InlineData(FeedCompression.UnlessCrossSite, null, "https://feed.example", true)]
    [InlineData(FeedCompression.Always, "cross-site", "https://evil.example", true)]
    [InlineData(FeedCompression.Never, null, null, false)]
    public async Task What_another_site_causes_is_not_compressed(FeedCompression compression, string? site, string? origin, bool compressed)
    {
        await using var feed = await FeedFixture.StartAsync(services => services.Configure<FeedOptions>(options => options.Compression = compression));
        List<(string, string)> headers = [("Host", "feed.example"), ("Accept-Encoding", "gzip, br")];
        if (site is not null)
            headers.Add(("Sec-Fetch-Site", site));
        if (origin is not null)
            headers.Add(("Origin", origin));

        foreach (var path in new[] { "invoices", "$metadata", "nothing" })
        {
            using var response = await feed.GetAsync(path, [.. headers]);
            Assert.Equal(compressed, response.Content.Headers.ContentEncoding.Count > 0);
        }
    }
}
