using System.Net;
using CoupaGateway.OData.Points;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Points;

/// <summary>Lookups by key that need no query give the same bytes as those that are one.</summary>
public sealed class PointTests : IAsyncLifetime
{
    private static readonly string ManyTexts = TestTables.VariedInvoices(100, longText: 9_000);

    private FeedFixture _queries = null!;
    private FeedFixture _points = null!;

    private PointCache Cache => _points.Services.GetRequiredService<PointCache>();

    public async ValueTask InitializeAsync()
    {
        _queries = await FeedFixture.StartAsync(static _ => { });
        _points = await StartAsync(memory: 32L << 20);
        foreach (var feed in new[] { _queries, _points })
        {
            await feed.LoadAsync(TestTables.Invoices, ManyTexts, chunkRows: 40);
            await feed.LoadAsync(TestTables.Lines, "SELECT i // 3 + 1, i, 'line ' || i, i / 7 FROM range(0, 60) r(i)", chunkRows: 17);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _queries.DisposeAsync();
        await _points.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?$select=status,invoice_number")]
    [InlineData("?$format=application/json;odata.metadata=full")]
    [InlineData("?$format=application/json;odata.metadata=none;IEEE754Compatible=true")]
    [InlineData("?$compute=id add 1 as n")]
    [InlineData("?$expand=invoice_lines")]
    public async Task A_row_by_its_key_is_the_same(string options)
    {
        await WarmAsync("invoices({0})", [1, 45, 99]);
        foreach (var prefer in new[] { "return=minimal", "omit-values=nulls" })
        {
            foreach (var id in (long[])[.. Enumerable.Range(1, 100), 0, 101, -5, long.MaxValue])
                await SameAsync($"invoices({id}){options}", ("Prefer", prefer));
        }

        await SameAsync($"invoices(7){options}", ("OData-MaxVersion", "4.01"));
    }

    [Theory]
    [InlineData("invoices?$filter=id eq {0}")]
    [InlineData("invoices?$filter={0} eq id&$count=true&$select=status,id")]
    [InlineData("invoices?$filter=id eq {0}&$orderby=status desc&$top=1&$format=application/json;odata.metadata=full")]
    [InlineData("invoices?$filter=id eq {0}&$top=0&$count=true")]
    [InlineData("invoices?$filter=id eq {0}&$skip=1&$count=true")]
    [InlineData("invoices?$filter=id eq {0} and status eq 'new'")]
    [InlineData("invoices?$filter=id eq {0}&$search=new")]
    [InlineData("invoices?$filter=id eq {0}&$expand=invoice_lines/$count")]
    public async Task A_condition_on_the_key_gives_the_same(string query)
    {
        await WarmAsync("invoices?$filter=id eq {0}", [1, 45, 99]);
        foreach (var id in (long[])[.. Enumerable.Range(1, 100), 0, 101, -5])
            await SameAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, query, id));
    }

    [Fact]
    public async Task A_row_under_a_key_of_two_parts_is_the_same()
    {
        await WarmAsync("invoice_lines(invoices_id=1,id={0})", [1]);
        await WarmAsync("invoice_lines(invoices_id=7,id={0})", [18]);
        await WarmAsync("invoice_lines(invoices_id=14,id={0})", [40]);
        await WarmAsync("invoice_lines(invoices_id=20,id={0})", [58]);
        for (var id = 0; id < 60; id++)
        {
            await SameAsync($"invoice_lines(invoices_id={(id / 3) + 1},id={id})");
            await SameAsync($"invoice_lines(invoices_id={(id / 3) + 2},id={id})");
            await SameAsync($"invoices({(id / 3) + 1})/invoice_lines({id})?$select=total");
        }
    }

    [Fact]
    public async Task A_new_version_is_seen_at_once_and_no_chunk_is_opened_for_what_is_known()
    {
        await WarmAsync("invoices({0})", [1]);
        _points.Opened.Clear();
        var served = Cache.Served;
        await SameAsync("invoices(1)");
        Assert.True(Cache.Served > served);
        Assert.Empty(_points.Opened);
        await _points.LoadAsync(TestTables.Invoices, "VALUES (1, 'changed', NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL)", chunkRows: 4);
        Assert.Equal("changed", (await _points.JsonAsync("invoices(1)")).GetProperty("invoice_number").GetString());
    }

    [Fact]
    public async Task What_is_not_granted_is_not_given()
    {
        await WarmAsync("invoices({0})", [1]);
        _points.Schema = _queries.Schema = new([TestTables.Invoices.Narrow(new HashSet<string> { "status" })]);
        var served = Cache.Served;
        await SameAsync("invoices(1)");
        await SameAsync("invoices(1)?$select=gross_total");
        Assert.True(Cache.Served > served);
        Assert.DoesNotContain("gross_total", await (await _points.GetAsync("invoices(1)")).Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_does_not_fit_is_a_query()
    {
        await using var small = await StartAsync(memory: 20_000);
        await small.LoadAsync(TestTables.Invoices, ManyTexts, chunkRows: 10);
        for (var round = 0; round < 8; round++)
        {
            for (var id = 1; id <= 100; id += 10)
            {
                using var response = await small.GetAsync($"invoices({id})");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }

        Assert.InRange(small.Services.GetRequiredService<PointCache>().Bytes, 0, 20_000);
    }

    private static Task<FeedFixture> StartAsync(long memory) => FeedFixture.StartAsync(services => services.Configure<QueryOptions>(options => options.LookupMemory = memory));

    /// <summary>Asks until no query is needed any more.</summary>
    private async Task WarmAsync(string path, long[] keys)
    {
        foreach (var key in keys)
        {
            var served = Cache.Served;
            for (var attempt = 0; Cache.Served == served; attempt++)
            {
                Assert.True(attempt < 500, $"{path} stays a query with {key}.");
                using var response = await _points.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, key));
                await Task.Delay(5, FeedFixture.Stop);
            }
        }
    }

    private async Task SameAsync(string path, params (string Name, string Value)[] headers)
    {
        using var expected = await _queries.GetAsync(path, headers);
        using var actual = await _points.GetAsync(path, headers);
        Assert.Equal(expected.StatusCode, actual.StatusCode);
        Assert.Equal(expected.Content.Headers.ContentLength, actual.Content.Headers.ContentLength);
        Assert.Equal((await expected.Content.ReadAsStringAsync(FeedFixture.Stop)).Replace(_queries.Root, _points.Root, StringComparison.Ordinal), await actual.Content.ReadAsStringAsync(FeedFixture.Stop));
    }
}
