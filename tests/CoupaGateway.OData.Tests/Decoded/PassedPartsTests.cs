using System.Diagnostics;
using System.Text.Json;
using CoupaGateway.OData.Decoded;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Decoded;

/// <summary>What a reader has passed of a chunk goes before the chunk does, and whoever comes for it all the same gets it.</summary>
public sealed class PassedPartsTests : IAsyncLifetime
{
    private const int ChunkRows = 8_192;
    private const int PageRows = 900;
    private const string First = "invoices?$select=id,status,gross_total";

    private FeedFixture _feed = null!;
    private List<string> _pages = null!;
    private List<string> _links = null!;

    private DecodedChunkCache Cache => _feed.Services.GetRequiredService<DecodedChunkCache>();

    public async ValueTask InitializeAsync()
    {
        var rows = TestTables.VariedInvoices(3 * ChunkRows, longText: 0);
        await using (var queries = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static options => options.PageMemory = 0)))
        {
            await queries.LoadAsync(TestTables.Invoices, rows, ChunkRows);
            (_pages, _) = await ReadAsync(queries, First);
        }

        _feed = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static options => options.PageMemory = 64L << 20));
        await _feed.LoadAsync(TestTables.Invoices, rows, ChunkRows);
        (_, _links) = await ReadAsync(_feed, First);
        _feed.Opened.Clear();
    }

    public async ValueTask DisposeAsync() => await _feed.DisposeAsync();

    [Fact]
    public async Task A_reader_that_goes_on_holds_less_and_less_of_a_chunk()
    {
        await SameAsync(1);
        var all = Cache.Bytes;
        for (var page = 2; page * PageRows < ChunkRows - (2 * PageRows); page++)
        {
            await SameAsync(page);

            // The server is done with a page a moment after the client has all of it.
            var passed = page * PageRows / ColumnVector.Capacity * ColumnVector.Capacity;
            var clock = Stopwatch.StartNew();
            while (Cache.Bytes > all * (ChunkRows - passed) / ChunkRows * 1.05 && clock.Elapsed < TimeSpan.FromSeconds(8))
                await Task.Delay(5, FeedFixture.Stop);
            Assert.InRange(Cache.Bytes, all / 8, all * (ChunkRows - passed) / ChunkRows * 1.05);
        }

        Assert.Single(_feed.Opened);
    }

    [Fact]
    public async Task The_same_page_again_needs_no_reading()
    {
        for (var page = 1; page < 5; page++)
        {
            await SameAsync(page);
            await SameAsync(page);
        }

        Assert.Single(_feed.Opened);
    }

    [Fact]
    public async Task A_page_that_was_passed_is_there_again_and_then_all_of_them()
    {
        await SameAsync(1);
        await SameAsync(4);
        await SameAsync(1);
        Assert.Equal(2, _feed.Opened.Count);
        foreach (var page in new[] { 4, 3, 2, 1, 0, 4, 1 })
            await SameAsync(page);

        // The very first page is a query.
        Assert.Equal(3, _feed.Opened.Count);
    }

    [Fact]
    public async Task Readers_behind_each_other_do_not_have_chunks_read_for_each_page()
    {
        for (var page = 1; page < _pages.Count; page++)
        {
            await SameAsync(page);
            if (page > 1)
                await SameAsync(page - 1);
        }

        // Once for each reader, and the first chunk once more when it turns out that there are two.
        Assert.InRange(_feed.Opened.Count, 3, 7);
    }

    [Fact]
    public async Task Any_number_of_readers_anywhere_get_what_is_right()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async reader =>
        {
            var random = new Random(reader);
            for (var i = 0; i < 40; i++)
                await SameAsync(random.Next(1, _pages.Count));
        }));
    }

    private async Task SameAsync(int page)
    {
        var (text, _) = await PageAsync(_feed, _links[page]);
        Assert.Equal(_pages[page], text);
    }

    private static async Task<(List<string> Pages, List<string> Links)> ReadAsync(FeedFixture feed, string first)
    {
        var (pages, links) = (new List<string>(), new List<string>());
        for (string? next = first; next is not null;)
        {
            links.Add(next);
            (var text, next) = await PageAsync(feed, next);
            pages.Add(text);
        }

        return (pages, links);
    }

    /// <returns>The page's rows, and the link to the next one.</returns>
    private static async Task<(string Rows, string? Next)> PageAsync(FeedFixture feed, string link)
    {
        using var response = await feed.GetAsync(link, ("Prefer", $"odata.maxpagesize={PageRows}"));
        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(response.IsSuccessStatusCode, text);
        var page = JsonDocument.Parse(text).RootElement;
        return (page.GetProperty("value").GetRawText(), page.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null);
    }
}
