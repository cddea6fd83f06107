using System.Text.Json;
using CsCheck;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>
/// Whole rows are found by their keys first, where that pays; a few columns are read at once. Both have to give the same rows.
/// </summary>
public sealed class RowFinderTests(FeedFixture feed) : IClassFixture<FeedFixture>, IAsyncLifetime
{
    private static readonly string[] Filters =
    [
        "", "a eq 7", "a ge 3", "b eq 'v11'", "contains(b,'9')", "c eq null", "c gt 1 and d", "f lt 2026-02-01 or a in (1,2,3)", "values_id eq 40", "values_id gt 250",
        "values_id le 90", "a eq 999", "id in (5,4,3,900,17)", "not (a eq null)", "year(f) eq 2026",
    ];

    private static readonly string[] Orders =
        ["", "a", "b desc", "c desc,a", "values_id", "values_id desc", "values_id,id", "values_id,id desc", "id desc", "length(b),f desc", "f,a desc,b"];

    public async ValueTask InitializeAsync()
    {
        feed.Schema = new([.. TestTables.Schema.Tables, TestTables.Entries]);
        await feed.LoadAsync(TestTables.Entries, TestTables.EntryRows, chunkRows: 120);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Rows_that_are_found_first_are_the_rows_that_are_read_at_once()
    {
        var cases = Gen.Select(
            Any(Filters), Any(Orders), Any([0, 1, 10, 200, 2_000]), Any([0, 0, 3, 130]), Any([7, 255, 257, 1_000]));
        await cases.SampleAsync(
            async input =>
            {
                var options = $"$filter={input.Item1}&$orderby={input.Item2}&$top={input.Item3}&$skip={input.Item4}"
                    .Replace("$filter=&", "", StringComparison.Ordinal).Replace("$orderby=&", "", StringComparison.Ordinal);
                var whole = await RowsAsync($"entries?{options}", input.Item5);
                var narrow = await RowsAsync($"entries?$select=values_id,id&{options}", input.Item5);

                Assert.Equal(narrow.Select(Key), whole.Select(Key));
                Assert.All(whole, static row => Assert.Equal(8, row.EnumerateObject().Count()));
            },
            iter: 150,
            threads: 1);
    }

    [Theory]
    [InlineData(",")]
    [InlineData(" or id eq ")]
    public async Task A_long_list_does_not_change_the_order(string separator)
    {
        var ids = string.Join(separator, Enumerable.Range(1, 250).Reverse());
        var filter = separator == "," ? $"id in ({ids})" : $"id eq {ids}";

        Assert.Equal(Enumerable.Range(1, 250).Select(static id => (long)id), await feed.IdsAsync($"values?$filter={filter}"));
        Assert.Equal(Enumerable.Range(1, 10).Select(static id => (long)id), await feed.IdsAsync($"values?$filter={filter}&$top=10"));
        Assert.Equal(Enumerable.Range(1, 250).Select(static id => (long)id), await feed.IdsAsync($"values?$select=id&$filter={filter}"));
    }

    private static Gen<T> Any<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static (long, long) Key(JsonElement row) => (row.GetProperty("values_id").GetInt64(), row.GetProperty("id").GetInt64());

    private async Task<List<JsonElement>> RowsAsync(string query, int pageSize)
    {
        var rows = new List<JsonElement>();
        string? next = query;
        while (next is not null)
        {
            var page = await feed.JsonAsync(next, next == query ? [("Prefer", $"odata.maxpagesize={pageSize}")] : []);
            rows.AddRange(page.GetProperty("value").EnumerateArray());
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return rows;
    }
}
