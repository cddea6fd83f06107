using CoupaGateway.OData.Anonymity;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Anonymity;

public sealed class GroupSizeTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task Groups_are_those_that_the_feed_makes()
    {
        foreach (var columns in new[] { new[] { "status" }, ["status", "gross_total"], ["id"] })
        {
            var groups = (await feed.JsonAsync($"invoices?$apply=groupby(({string.Join(',', columns)}),aggregate($count as n))")).GetProperty("value").EnumerateArray()
                .Select(static group => group.GetProperty("n").GetInt64()).ToArray();

            var sizes = await MeasureAsync(columns, k: 3);

            Assert.Equal((groups.Sum(), groups.Length, groups.Min()), (sizes.Rows, sizes.Groups, sizes.Smallest));
            Assert.Equal((groups.Count(static n => n < 3), groups.Where(static n => n < 3).Sum()), (sizes.SmallGroups, sizes.SmallGroupRows));
            foreach (var band in sizes.Sizes)
                Assert.Equal(groups.Count(n => n >= band.From && (band.To is null || n <= band.To)), band.Groups);
            Assert.Equal(sizes.Rows, sizes.Sizes.Sum(static band => band.Rows));
        }
    }

    [Fact]
    public async Task A_table_that_was_never_loaded_has_none()
    {
        var never = TestTables.Unloaded with { Name = "never_loaded" };

        await Assert.ThrowsAsync<GroupSizesException>(() => feed.Services.GetRequiredService<IGroupSizes>().MeasureAsync("demo", never, ["name"], 5, FeedFixture.Stop).AsTask());
    }

    private Task<GroupSizes> MeasureAsync(string[] columns, int k) =>
        feed.Services.GetRequiredService<IGroupSizes>().MeasureAsync("demo", TestTables.Invoices, columns, k, FeedFixture.Stop).AsTask();
}
