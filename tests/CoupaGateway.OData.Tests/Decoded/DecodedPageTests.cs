using System.Net;
using System.Text.Json;
using CoupaGateway.OData.Decoded;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.OData.Tests.Decoded;

/// <summary>Pages out of decoded chunks have the same bytes as those that are queries.</summary>
public sealed class DecodedPageTests : IAsyncLifetime
{
    private static readonly string Rows = TestTables.VariedInvoices(4_000, longText: 900);

    /// <summary>Room for one chunk of invoices, not for two.</summary>
    private const long OneChunk = 900_000;

    private FeedFixture _queries = null!;
    private FeedFixture _pages = null!;

    private static DecodedChunkCache Cache(FeedFixture feed) => feed.Services.GetRequiredService<DecodedChunkCache>();

    public async ValueTask InitializeAsync()
    {
        _queries = await StartAsync(memory: 0);
        _pages = await StartAsync(memory: 64L << 20);
    }

    public async ValueTask DisposeAsync()
    {
        await _queries.DisposeAsync();
        await _pages.DisposeAsync();
    }

    [Theory]
    [InlineData("invoices", 1_000)]
    [InlineData("invoices", 500)]
    [InlineData("invoices", 999)]
    [InlineData("invoices", 63)]
    [InlineData("invoices?$select=status,gross_total", 700)]
    [InlineData("invoices?$select=id", 700)]
    [InlineData("invoices?$orderby=id", 700)]
    [InlineData("invoices?$count=true&$top=2345", 400)]
    [InlineData("invoices?$top=1200", 400)]
    [InlineData("invoices?$skip=30", 777)]
    [InlineData("invoices?$orderby=id desc", 700)]
    [InlineData("invoices?$filter=status eq 'new'", 700)]
    [InlineData("invoices?$compute=id add 1 as n&$select=n", 700)]
    [InlineData("invoices?$expand=invoice_lines", 900)]
    [InlineData("invoices?$expand=invoice_lines/$count&$select=status", 900)]
    [InlineData("invoices/$ref", 900)]
    [InlineData("invoices?$format=application/json;odata.metadata=full", 400)]
    [InlineData("invoices?$format=application/json;odata.metadata=none;IEEE754Compatible=true", 400)]
    [InlineData("invoice_lines", 7)]
    [InlineData("invoice_lines", 3)]
    [InlineData("invoice_lines?$select=total", 11)]
    public async Task All_pages_are_the_same(string path, int size)
    {
        await SameAsync(_pages, path, ("Prefer", $"odata.maxpagesize={size}"));
        await SameAsync(_pages, path, ("Prefer", $"maxpagesize={size},omit-values=nulls"), ("OData-MaxVersion", "4.01"));
    }

    [Fact]
    public async Task What_fits_no_memory_is_a_query()
    {
        await using var small = await StartAsync(OneChunk);
        await SameAsync(small, "invoices", ("Prefer", "maxpagesize=999"));
        await SameAsync(small, "invoices?$select=id,status,gross_total", ("Prefer", "maxpagesize=640"));

        await using var tiny = await StartAsync(memory: 1_000);
        await SameAsync(tiny, "invoices", ("Prefer", "maxpagesize=999"));
        Assert.Equal(0, Cache(tiny).Bytes);
    }

    [Fact]
    public async Task Many_readers_at_once_see_the_same_in_bounded_memory()
    {
        await using var small = await StartAsync(5 * OneChunk);
        var expected = await PagesAsync(_queries, "invoices", ("Prefer", "maxpagesize=300"));
        var most = 0L;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            Assert.Equal(expected, await PagesAsync(small, "invoices", ("Prefer", "maxpagesize=300")));
            most = Math.Max(most, Cache(small).Bytes);
        }));
        Assert.InRange(most, 0, 5 * OneChunk);
        Assert.True(Cache(small).Shared > 0);
    }

    [Fact]
    public async Task A_chunk_is_opened_once_for_all_its_pages_and_the_last_one_ahead()
    {
        _pages.Opened.Clear();
        await PagesAsync(_pages, "invoices", ("Prefer", "maxpagesize=100"));

        // The first page is a query over the first chunk.
        var chunks = _pages.Catalog.FindCurrent(new("demo", "invoices"))!.Chunks;
        Assert.Equal([chunks[0].Hash, .. chunks.Select(static chunk => chunk.Hash)], _pages.Opened);
    }

    [Fact]
    public async Task What_was_passed_is_dropped_and_what_was_left_is_after_a_while()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var feed = await StartAsync(64L << 20, time);
        var page = await feed.JsonAsync("invoices", ("Prefer", "maxpagesize=100"));
        page = await feed.JsonAsync(page.GetProperty("@odata.nextLink").GetString()!);
        Assert.InRange(Cache(feed).Bytes, 100_000, OneChunk);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.InRange(Cache(feed).Bytes, 100_000, OneChunk);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, Cache(feed).Bytes);

        while (page.TryGetProperty("@odata.nextLink", out var next))
        {
            page = await feed.JsonAsync(next.GetString()!);
            Assert.InRange(Cache(feed).Bytes, 0, 2 * OneChunk);
        }

        Assert.Equal(0, Cache(feed).Bytes);
    }

    [Fact]
    public async Task A_lost_chunk_is_told_and_read_again_when_it_is_there()
    {
        var first = await _pages.JsonAsync("invoices", ("Prefer", "maxpagesize=600"));
        var next = first.GetProperty("@odata.nextLink").GetString()!;
        var hash = _pages.Catalog.FindCurrent(new("demo", "invoices"))!.Chunks[0].Hash;
        _pages.Lose(hash);
        using (var lost = await _pages.GetAsync(next))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
            Assert.True(lost.Headers.Contains("Retry-After"));
            Assert.Equal(0, Cache(_pages).Bytes);
        }

        await _pages.LoadAsync(TestTables.Invoices, Rows, chunkRows: 800);
        using var found = await _pages.GetAsync(next);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
    }

    [Fact]
    public async Task Pages_go_on_with_their_version_and_new_ones_have_the_new()
    {
        var first = await _pages.JsonAsync("invoices?$select=id,status", ("Prefer", "maxpagesize=600"));
        await _pages.LoadAsync(TestTables.Invoices, Rows.Replace("'new'", "'old'", StringComparison.Ordinal), chunkRows: 800);
        var second = await _pages.JsonAsync(first.GetProperty("@odata.nextLink").GetString()!);
        Assert.Contains(second.GetProperty("value").EnumerateArray(), static row => row.GetProperty("status").GetString() == "new");
        first = await _pages.JsonAsync("invoices?$select=id,status", ("Prefer", "maxpagesize=600"));
        second = await _pages.JsonAsync(first.GetProperty("@odata.nextLink").GetString()!);
        Assert.DoesNotContain(second.GetProperty("value").EnumerateArray(), static row => row.GetProperty("status").GetString() == "new");
    }

    [Fact]
    public async Task What_is_not_granted_is_not_given()
    {
        await PagesAsync(_pages, "invoices", ("Prefer", "maxpagesize=600"));
        _pages.Schema = _queries.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "status" })]);
        await SameAsync(_pages, "invoices", ("Prefer", "maxpagesize=600"));
        Assert.DoesNotContain(await PagesAsync(_pages, "invoices", ("Prefer", "maxpagesize=600")), static page => page.Contains("gross_total", StringComparison.Ordinal));
    }

    private static async Task<FeedFixture> StartAsync(long memory, TimeProvider? time = null)
    {
        var feed = await FeedFixture.StartAsync(services =>
        {
            services.Configure<QueryOptions>(options => options.PageMemory = memory);
            if (time is not null)
                services.Replace(ServiceDescriptor.Singleton(time));
        });
        await feed.LoadAsync(TestTables.Invoices, Rows, chunkRows: 800);
        await feed.LoadAsync(TestTables.Lines, "SELECT i // 3 + 1, i, 'line ' || i, i / 7 FROM range(0, 60) r(i)", chunkRows: 17);
        return feed;
    }

    private async Task SameAsync(FeedFixture feed, string path, params (string Name, string Value)[] headers) =>
        Assert.Equal(await PagesAsync(_queries, path, headers), await PagesAsync(feed, path, headers));

    /// <summary>The texts of all pages, without the address of the feed.</summary>
    private static async Task<List<string>> PagesAsync(FeedFixture feed, string path, params (string Name, string Value)[] headers)
    {
        var pages = new List<string>();
        for (var next = path; next is not null;)
        {
            using var response = await feed.GetAsync(next, headers);
            var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
            Assert.True(response.IsSuccessStatusCode, $"{next}: {text}");
            pages.Add(text.Replace(feed.Root, string.Empty, StringComparison.Ordinal));
            next = JsonDocument.Parse(text).RootElement.EnumerateObject().FirstOrDefault(static property => property.Name.EndsWith("nextLink", StringComparison.Ordinal)).Value is { ValueKind: JsonValueKind.String } link ? link.GetString() : null;
        }

        return pages;
    }
}
