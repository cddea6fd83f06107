using System.Net;
using CoupaGateway.OData.Feed;
using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>Entity tags: what a client has already is not sent again, and what changed always is.</summary>
public sealed class ConditionalTests
{
    [Theory]
    [InlineData("")]
    [InlineData("$metadata")]
    [InlineData("$metadata?$format=json")]
    [InlineData("$openapi")]
    [InlineData("invoices")]
    [InlineData("invoices?$filter=id gt 2&$orderby=status&$top=2&$count=true")]
    [InlineData("invoices?$format=csv")]
    [InlineData("invoices(1)")]
    [InlineData("invoices/$count")]
    [InlineData("deleted_records")]
    public async Task What_the_client_has_already_is_not_sent_again(string path)
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        var tag = await TagAsync(feed, path);
        Assert.StartsWith("W/\"", tag, StringComparison.Ordinal);

        foreach (var known in new[] { tag, $"\"x\", {tag}", tag[2..], "*" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using var again = await feed.SendAsync(method, path, ("If-None-Match", known));
                Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
                Assert.Equal(tag, again.Headers.ETag!.ToString());
                Assert.Contains("OData-MaxVersion", again.Headers.Vary);
                Assert.Equal("no-cache, private", again.Headers.CacheControl!.ToString());
                Assert.Equal("4.0", Assert.Single(again.Headers.GetValues("OData-Version")));
                Assert.Empty(await again.Content.ReadAsByteArrayAsync(FeedFixture.Stop));
            }
        }

        using var other = await feed.GetAsync(path, ("If-None-Match", "W/\"other\", bad"), ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_tag_goes_with_the_version_of_its_table_and_with_no_other()
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        string[] paths = ["invoices", "invoices(1)", "invoices/$count", "invoices?$format=csv", "", "$metadata", "invoice_lines"];
        var before = await TagsAsync(feed, paths);
        await feed.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows.Replace("'draft'", "'new'", StringComparison.Ordinal), chunkRows: 4);
        var after = await TagsAsync(feed, paths);
        Assert.Equal([false, false, false, false, true, true, true], before.Zip(after, static (one, other) => one == other));
        Assert.Contains("\"new\"", (await feed.JsonAsync("invoices(2)", ("If-None-Match", before[1]))).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tag_of_a_row_outlives_changes_of_distant_rows()
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        var before = await TagsAsync(feed, ["invoices(1)", "invoices(6)"]);
        await feed.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows.Replace("'inv-6'", "'INV-6'", StringComparison.Ordinal), chunkRows: 4);
        var after = await TagsAsync(feed, ["invoices(1)", "invoices(6)"]);
        Assert.Equal(before[0], after[0]);
        Assert.NotEqual(before[1], after[1]);
    }

    [Theory]
    [InlineData("invoices?$apply=aggregate(invoice_lines($count as n))")]
    [InlineData("invoices?$apply=filter(id gt 1)&$expand=invoice_lines")]
    [InlineData("invoice_lines?$apply=groupby((invoices/status))")]
    public async Task A_tag_changes_with_every_table_that_is_aggregated(string path)
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        var before = await TagAsync(feed, path);
        await feed.LoadAsync(path.StartsWith("invoices", StringComparison.Ordinal) ? TestTables.Lines : TestTables.Invoices, path.StartsWith("invoices", StringComparison.Ordinal) ? TestTables.LineRows : TestTables.InvoiceRows, chunkRows: 4);
        Assert.NotEqual(before, await TagAsync(feed, path));
    }

    [Fact]
    public async Task Every_representation_has_a_tag_of_its_own()
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        var tags = new List<string>
        {
            await TagAsync(feed, "invoices"),
            await TagAsync(feed, "invoices?$top=1"),
            await TagAsync(feed, "invoices", ("Accept", "application/json;odata.metadata=full")),
            await TagAsync(feed, "invoices", ("Accept", "application/json;IEEE754Compatible=true")),
            await TagAsync(feed, "invoices", ("Accept", "text/csv")),
            await TagAsync(feed, "invoices", ("OData-MaxVersion", "4.01")),
            await TagAsync(feed, "invoices", ("Prefer", "odata.maxpagesize=2")),
            await TagAsync(feed, "invoices", ("Prefer", "omit-values=nulls")),
            await TagAsync(feed, "invoices", ("Prefer", "odata.include-annotations=\"*\"")),
            await TagAsync(feed, "invoices", ("Host", "other.example")),
            await TagAsync(feed, "invoices(1)"),
            await TagAsync(feed, "invoices(2)"),
        };
        Assert.Equal(tags.Count, tags.Distinct().Count());
        Assert.Equal(tags[0], await TagAsync(feed, "invoices", ("Prefer", "respond-async"), ("Accept", "application/json;odata.metadata=minimal")));
        Assert.Equal(tags[0], await TagAsync(feed, "invoices", ("Accept-Encoding", "gzip")));
    }

    [Fact]
    public async Task What_a_caller_may_see_is_part_of_the_tag()
    {
        await using var feed = await FeedFixture.StartAsync(static services => services.AddSingleton<IFeedAccess, HeaderAccess>());
        foreach (var path in new[] { "", "$metadata", "invoices", "invoices(1)", "invoices/$count" })
            Assert.NotEqual(await TagAsync(feed, path), await TagAsync(feed, path, ("X-Narrow", "1")));
    }

    [Theory]
    [InlineData("_meta")]
    [InlineData("_meta(1)")]
    [InlineData("invoices?$filter=created_at lt now()")]
    [InlineData("invoices/$count?$filter=created_at lt %6Eow()")]
    public async Task What_changes_by_itself_has_no_tag(string path)
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        using var response = await feed.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Headers.ETag);
    }

    [Theory]
    [InlineData("invoices(99)", 404)]
    [InlineData("invoices?$filter=colour eq 1", 400)]
    [InlineData("suppliers", 503)]
    [InlineData("suppliers/$count", 503)]
    public async Task A_mistake_is_an_error_whatever_the_client_has(string path, int status)
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        using var response = await feed.GetAsync(path, ("If-None-Match", "*"));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Null(response.Headers.ETag);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("invoices")]
    [InlineData("invoices(1)")]
    [InlineData("$metadata")]
    public async Task A_state_that_is_gone_is_refused_with_a_reason(string path)
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        using var response = await feed.GetAsync(path, ("If-Match", "\"gone\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
        Assert.Contains("\"target\":\"If-Match\"", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        using var any = await feed.GetAsync(path, ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, any.StatusCode);
    }

    [Fact]
    public async Task A_next_page_keeps_its_tag_when_the_table_changes()
    {
        await using var feed = await FeedFixture.StartAsync(static _ => { });
        var next = (await feed.JsonAsync("invoices", ("Prefer", "odata.maxpagesize=2"))).GetProperty("@odata.nextLink").GetString()!;
        var tag = await TagAsync(feed, next);
        await feed.LoadAsync(TestTables.Invoices, TestTables.InvoiceRows.Replace("'draft'", "'new'", StringComparison.Ordinal), chunkRows: 4);
        using var again = await feed.GetAsync(next, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    private static async Task<string> TagAsync(FeedFixture feed, string path, params (string Name, string Value)[] headers)
    {
        using var response = await feed.GetAsync(path, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.ToString();
    }

    private static async Task<List<string>> TagsAsync(FeedFixture feed, string[] paths)
    {
        var tags = new List<string>();
        foreach (var path in paths)
            tags.Add(await TagAsync(feed, path));
        return tags;
    }

    private sealed class HeaderAccess : IFeedAccess
    {
        public FeedView View(HttpContext context, string connection, SchemaRevision schema) => new(
            context.Request.Headers.ContainsKey("X-Narrow")
                ? new SchemaRevision(schema.Tables.Select(static table => table.Name == "invoices" ? table.Narrow(new HashSet<string> { "status" }) : table))
                : schema);

        public bool TryAdmit(HttpContext context, out TimeSpan retryAfter)
        {
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }
}
