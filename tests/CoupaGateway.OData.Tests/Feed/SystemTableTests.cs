using System.Text.Json;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class SystemTableTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task Meta_tells_the_state_of_every_table()
    {
        var rows = (await feed.JsonAsync("_meta?$count=true")).GetProperty("value").EnumerateArray().ToDictionary(static row => row.GetProperty("table_name").GetString()!);

        Assert.Equal(feed.Schema.Tables.Select(static table => table.Name).Append("deleted_records").Order(), rows.Keys.Order());
        var invoices = rows["invoices"];
        var manifest = feed.Catalog.FindCurrent(new("demo", "invoices"))!;
        Assert.Equal((manifest.Version, manifest.Rows, "loaded"), (invoices.GetProperty("version").GetInt64(), invoices.GetProperty("row_count").GetInt64(), invoices.GetProperty("state").GetString()));
        Assert.Equal("1970-01-01T00:00:00Z", invoices.GetProperty("watermark").GetString());
        Assert.True(invoices.GetProperty("age_seconds").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, rows["suppliers"].GetProperty("version").ValueKind);
        Assert.Equal("missing", rows["suppliers"].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Meta_can_be_asked_like_any_table()
    {
        var count = feed.Schema.Tables.Length + 1;
        Assert.Equal(count, (await feed.JsonAsync("_meta?$count=true&$top=0")).GetProperty("@odata.count").GetInt32());
        Assert.Equal("1", await (await feed.GetAsync("_meta/$count?$filter=table_name eq 'invoices'")).Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal(Enumerable.Range(1, count).Select(static id => (long)id), await PagesAsync());
        Assert.Equal("invoices", (await feed.JsonAsync("_meta(1)?$select=table_name")).GetProperty("table_name").GetString());
        Assert.Equal([(long)count], await feed.IdsAsync("_meta?$orderby=table_name&$filter=startswith(table_name,'deleted')"));
    }

    [Fact]
    public async Task Before_the_first_deletion_the_list_of_them_is_empty()
    {
        Assert.Empty((await feed.JsonAsync("deleted_records?$filter=_changed_at gt 2026-01-01T00:00:00Z")).GetProperty("value").EnumerateArray());
        Assert.Equal("0", await (await feed.GetAsync("deleted_records/$count")).Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal(404, (int)(await feed.GetAsync("deleted_records(1)")).StatusCode);
        Assert.Equal(["deletion_id", "table_name", "key_values", "_changed_at"], SystemTables.DeletedRecords.Columns.Select(static column => column.Name));
    }

    private async Task<List<long>> PagesAsync()
    {
        var ids = new List<long>();
        using var first = await feed.GetAsync("_meta?$select=id", ("Prefer", "odata.maxpagesize=2"));
        var page = JsonDocument.Parse(await first.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement;
        while (true)
        {
            ids.AddRange(page.GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("id").GetInt64()));
            if (!page.TryGetProperty("@odata.nextLink", out var link))
                return ids;

            page = await feed.JsonAsync(link.GetString()!);
        }
    }
}
