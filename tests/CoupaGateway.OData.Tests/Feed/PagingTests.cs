using CsCheck;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class PagingTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    private static readonly string[] Columns = ["a", "b", "c", "d", "e", "f", "a div 2", "c mul 2", "length(b)", "id"];

    [Fact]
    public async Task Pages_in_any_order_visit_each_row_once_and_in_the_order_of_one_large_page()
    {
        var key = Gen.Select(Gen.Int[0, Columns.Length - 1].Select(static index => Columns[index]), Gen.Bool);
        var cases = Gen.Select(key.Array[1, 3], Gen.Int[7, 90], Gen.Bool);
        await cases.SampleAsync(
            async input =>
            {
                var order = string.Join(',', input.Item1.Select(static part => part.Item1 + (part.Item2 ? " desc" : "")));
                var query = $"values?$select=id&$orderby={order}{(input.Item3 ? "&$filter=a ne 1" : "")}";
                var expected = (await feed.JsonAsync(query)).GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("id").GetInt64()).ToList();
                Assert.Equal(expected.Count, expected.Distinct().Count());
                Assert.Equal(expected, await PagesAsync(query, input.Item2));
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData("values?$select=b")]
    [InlineData("values?$filter=a ge 0")]
    [InlineData("values?$skip=100")]
    [InlineData("values?$skip=13&$top=200&$orderby=b desc,c")]
    [InlineData("values?$top=120&$orderby=id desc")]
    public async Task Top_and_skip_hold_over_pages(string query)
    {
        var whole = (await feed.JsonAsync(query)).GetProperty("value").EnumerateArray().Select(static row => row.GetRawText()).ToList();
        var rows = new List<string>();
        string? next = query;
        var pages = 0;
        while (next is not null)
        {
            var page = await feed.JsonAsync(next, pages++ == 0 ? [("Prefer", "odata.maxpagesize=17")] : []);
            rows.AddRange(page.GetProperty("value").EnumerateArray().Select(static row => row.GetRawText()));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        Assert.Equal(whole, rows);
        Assert.Equal((whole.Count + 16) / 17, pages);
    }

    [Fact]
    public async Task Rows_of_a_nested_table_come_in_the_order_of_the_whole_key() =>
        Assert.Equal([10, 11, 12, 13, 14, 15, 16], await PagesAsync("invoice_lines?$select=id", 2));

    [Fact]
    public async Task Nulls_sort_first_ascending_and_last_descending()
    {
        Assert.Equal([2, 4, 5, 1, 3, 6], await feed.IdsAsync("invoices?$orderby=version"));
        Assert.Equal([6, 3, 1, 5, 4, 2], await feed.IdsAsync("invoices?$orderby=version desc"));
    }

    [Fact]
    public async Task Pages_keep_to_the_version_that_they_began_with()
    {
        await feed.LoadAsync(TestTables.Lines, TestTables.LineRows, chunkRows: 3);
        var first = await feed.JsonAsync("invoice_lines?$count=true", ("Prefer", "odata.maxpagesize=3"));
        var next = first.GetProperty("@odata.nextLink").GetString()!;
        await feed.LoadAsync(TestTables.Lines, "VALUES (9, 90, 'New', 1)", chunkRows: 3);
        Assert.Equal([13, 14, 15, 16], await feed.IdsAsync(next));
        Assert.Equal(7, (await feed.JsonAsync(next)).GetProperty("@odata.count").GetInt32());
        Assert.Equal([90], await feed.IdsAsync("invoice_lines"));

        var id = new Snapshots.Manifests.TableId("demo", "invoice_lines");
        feed.Catalog.Forget(id, feed.Catalog.FindCurrent(id)!.Version - 1);
        using var gone = await feed.GetAsync(next);
        Assert.Equal(410, (int)gone.StatusCode);
        Assert.Contains("SnapshotExpired", await gone.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        await feed.LoadAsync(TestTables.Lines, TestTables.LineRows, chunkRows: 3);
    }

    [Fact]
    public async Task Next_link_is_absolute_and_keeps_the_other_options()
    {
        var page = await feed.JsonAsync("values?$top=50&custom=a%20b&$select=id,b&$filter=a%20ge%200", ("Prefer", "odata.maxpagesize=10"));
        var link = page.GetProperty("@odata.nextLink").GetString()!;
        Assert.StartsWith($"{feed.Root}/values?custom=a%20b&$select=id,b&$filter=a%20ge%200&$skiptoken=", link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferred_page_size_is_acknowledged_within_the_cap()
    {
        using var small = await feed.GetAsync("values", ("Prefer", "odata.maxpagesize=3, respond-async"));
        Assert.Equal("odata.maxpagesize=3", Assert.Single(small.Headers.GetValues("Preference-Applied")));
        using var large = await feed.GetAsync("values", ("Prefer", "odata.maxpagesize=9999999999"));
        Assert.Equal("odata.maxpagesize=1000", Assert.Single(large.Headers.GetValues("Preference-Applied")));
    }

    [Fact]
    public async Task A_token_that_was_changed_or_belongs_to_another_query_is_refused()
    {
        var page = await feed.JsonAsync("values?$orderby=a", ("Prefer", "odata.maxpagesize=10"));
        var link = page.GetProperty("@odata.nextLink").GetString()!;
        var token = link[(link.IndexOf("skiptoken=", StringComparison.Ordinal) + 10)..];
        for (var index = 0; index < token.Length; index += 5)
        {
            var changed = token[..index] + (token[index] == 'A' ? 'B' : 'A') + token[(index + 1)..];
            await RefusedAsync($"values?$orderby=a&$skiptoken={changed}");
        }

        await RefusedAsync($"values?$orderby=b&$skiptoken={token}");
        await RefusedAsync($"invoices?$skiptoken={token}");
        await RefusedAsync($"values?$orderby=a&$top=1&$skiptoken={token}");
        await RefusedAsync($"values?$orderby=a&$skiptoken={token[..^3]}");
        await RefusedAsync("values?$skiptoken=");
        await RefusedAsync($"values?$skiptoken={new string('A', 3_000)}");
    }

    private async Task RefusedAsync(string path)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("$skiptoken", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    private async Task<List<long>> PagesAsync(string query, int size)
    {
        var ids = new List<long>();
        string? next = query;
        while (next is not null)
        {
            var page = await feed.JsonAsync(next, ("Prefer", $"odata.maxpagesize={size}"));
            ids.AddRange(page.GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("id").GetInt64()));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return ids;
    }
}
