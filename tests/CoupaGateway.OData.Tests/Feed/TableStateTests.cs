using CoupaGateway.Schema;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class TableStateTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task Rows_of_an_older_schema_are_served_with_null_for_new_columns_and_converted_types()
    {
        var older = TestTables.Values with
        {
            Columns = [.. TestTables.Values.Columns.Where(static column => column.Name is "id" or "b" or "c")
                .Select(static column => column.Name == "c" ? column with { Type = ColumnType.String } : column)],
        };
        await feed.LoadAsync(TestTables.Values, "VALUES (1, 'x', '1.50'), (2, 'y', 'many')", chunkRows: 1, writtenAs: older);
        var rows = (await feed.JsonAsync("values?$select=id,a,b,c&$filter=a eq null")).GetProperty("value");
        Assert.Equal("[{\"id\":1,\"a\":null,\"b\":\"x\",\"c\":1.5},{\"id\":2,\"a\":null,\"b\":\"y\",\"c\":null}]", rows.GetRawText());
        await feed.LoadAsync(TestTables.Values, TestTables.ValueRows, chunkRows: 100);
    }

    [Fact]
    public async Task A_missing_chunk_makes_the_table_unavailable_for_a_while_whoever_asks()
    {
        await feed.LoadAsync(TestTables.Unloaded, "VALUES (1, 'gone')", chunkRows: 1);
        feed.Lose(feed.Catalog.FindCurrent(new("demo", "suppliers"))!.Chunks[0].Hash);
        foreach (var path in new[] { "suppliers", "suppliers?$filter=name eq 'gone'&$orderby=name", "suppliers(1)", "suppliers/$count?$filter=name eq 'gone'" })
        {
            using var response = await feed.GetAsync(path);
            Assert.Equal(503, (int)response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Contains("Damaged", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
            using var head = await feed.SendAsync(HttpMethod.Head, path);
            Assert.Equal(503, (int)head.StatusCode);
            Assert.NotNull(head.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task A_table_without_rows_is_an_empty_collection()
    {
        await feed.LoadAsync(TestTables.Lines, "SELECT NULL, NULL, NULL, NULL WHERE false", chunkRows: 1);
        Assert.Empty(await feed.IdsAsync("invoice_lines?$filter=total gt 1&$orderby=description"));
        Assert.Equal(0, (await feed.JsonAsync("invoice_lines?$count=true")).GetProperty("@odata.count").GetInt32());
        await feed.LoadAsync(TestTables.Lines, TestTables.LineRows, chunkRows: 3);
    }
}
