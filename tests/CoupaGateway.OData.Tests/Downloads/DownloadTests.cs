using System.Net;
using System.Text;
using System.Text.Json;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Downloads;

public sealed class DownloadTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    private const string ManyValues = """
        SELECT i, i * 7, CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'say "no", or' || chr(13) || chr(10) || 'yes' WHEN 3 THEN '"' WHEN 4 THEN repeat('ü"', 3000) ELSE 'v' || i END,
            CASE WHEN i % 6 = 0 THEN NULL ELSE CAST(12345678901234567890123456.000000000001 AS DECIMAL(38,12)) - i END, i % 2 = 0,
            TIMESTAMP '2026-01-01' + to_microseconds(i), DATE '2026-01-01' + (i % 300)::INTEGER
        FROM range(1, 401) r(i)
        """;

    public static TheoryData<string> Queries =>
    [
        "invoices", "invoice_lines", "values",
        "invoices?$select=gross_total,id", "values?$select=b",
        "values?$filter=a eq 3 and d", "values?$filter=id gt 100000", "values?$filter=id gt 120 and id le 180",
        "values?$orderby=c desc,b&$select=id,c,b", "values?$orderby=b&$top=30&$skip=11",
        "values?$top=7", "values?$top=0", "values?$top=150&$skip=120", "values?$skip=60&$filter=a ne null", "values?$skip=1000", "values?$filter=b ne null&$top=45",
        "values?$top=9223372036854775807", "invoices?$filter=id in (1,3,5)&$orderby=id desc", "_meta?$select=table_name,row_count,state", "deleted_records",
        "values?$apply=groupby((a,d),aggregate(c with sum as s,$count as n,c with average as m,e with max as t))", "values?$apply=filter(id lt 50)&$orderby=b desc&$top=20&$skip=3",
        "values?$compute=time(e) as clock,e sub 2026-01-01T00:00:01.25Z as since,f sub 2026-01-02 as days&$select=id,since,days,clock&$orderby=since desc", "values?$compute=duration'-P1DT2H3M4.5S' as fixed&$select=fixed&$top=3",
        "values?$apply=compute(e sub 2025-12-31T23:59:59Z as age)/groupby((age),aggregate($count as n))", "values?$apply=concat(groupby((a),aggregate($count as n)),aggregate($count as n))&$filter=n gt 1 and a ne null",
    ];

    [Theory, MemberData(nameof(Queries))]
    public async Task Every_format_has_the_rows_of_the_feed_value_for_value(string query)
    {
        var expected = await Table.FromJsonAsync(feed, query);
        foreach (var format in new[] { "csv", "parquet", "arrow" })
            AssertSame(expected, await DownloadAsync(feed, query, format));
    }

    [Fact]
    public async Task A_table_of_many_chunks_and_texts_of_all_kinds_comes_whole_and_in_order()
    {
        await using var many = await FeedFixture.StartAsync(static _ => { });
        await many.LoadAsync(TestTables.Values, ManyValues, chunkRows: 10);
        foreach (var query in new[] { "values", "values?$skip=15&$top=300", "values?$filter=d&$top=120", "values?$orderby=e desc" })
        {
            var expected = await Table.FromJsonAsync(many, query);
            foreach (var format in new[] { "csv", "parquet", "arrow" })
                AssertSame(expected, await DownloadAsync(many, query, format));
        }
    }

    [Fact]
    public async Task Chunks_of_an_older_schema_come_with_the_columns_of_today()
    {
        await using var old = await FeedFixture.StartAsync(static _ => { });
        var stored = TestTables.Values with { Columns = [.. TestTables.Values.Columns.Where(static column => column.Name is not ("c" or "e"))] };
        await old.LoadAsync(TestTables.Values, "SELECT i, i, 'x' || i, true, DATE '2026-01-01' FROM range(1, 31) r(i)", chunkRows: 10, writtenAs: stored);
        var expected = await Table.FromJsonAsync(old, "values");
        foreach (var format in new[] { "csv", "parquet", "arrow" })
            AssertSame(expected, await DownloadAsync(old, "values", format));
    }

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/csv;q=0.5, application/json;q=0.1", "text/csv")]
    [InlineData("application/json, text/csv", "application/json")]
    [InlineData("application/vnd.apache.parquet", "application/vnd.apache.parquet")]
    [InlineData("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream")]
    [InlineData("*/*", "application/json")]
    public async Task The_accept_header_chooses_the_format(string accept, string type)
    {
        using var response = await feed.GetAsync("invoices", ("Accept", accept));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        if (type != "application/json")
            Assert.StartsWith("invoices.", response.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_format_option_takes_media_types_too_and_head_has_no_body()
    {
        using var response = await feed.SendAsync(HttpMethod.Head, "invoices?$format=application/vnd.apache.arrow.stream");
        Assert.Equal("application/vnd.apache.arrow.stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(FeedFixture.Stop));
    }

    [Theory]
    [InlineData("invoices?$format=csv&$count=true", HttpStatusCode.BadRequest, "$count")]
    [InlineData("invoice_lines?$format=arrow&$select=invoices", HttpStatusCode.BadRequest, "$select")]
    [InlineData("invoices?$format=parquet&$skiptoken=x", HttpStatusCode.BadRequest, "$skiptoken")]
    [InlineData("invoices?$format=csv&$filter=nothing eq 1", HttpStatusCode.BadRequest, "nothing")]
    [InlineData("invoices?$format=csv&$filter=matchesPattern(status,'(')", HttpStatusCode.BadRequest, "regular expression")]
    [InlineData("invoices?$format=parquet&$filter=matchesPattern(status,'(')", HttpStatusCode.BadRequest, "regular expression")]
    [InlineData("invoices?$format=excel", HttpStatusCode.NotAcceptable, "text/csv")]
    [InlineData("invoices(1)?$format=csv", HttpStatusCode.NotAcceptable, "application/json")]
    [InlineData("suppliers?$format=arrow", HttpStatusCode.ServiceUnavailable, "not loaded")]
    public async Task What_cannot_be_downloaded_is_an_error_with_a_body(string path, HttpStatusCode status, string word)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(FeedFixture.Stop)).RootElement.GetProperty("error");
        Assert.Contains(word, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("csv"), InlineData("parquet"), InlineData("arrow")]
    public async Task A_failure_on_the_way_cuts_the_connection(string format)
    {
        await using var broken = await FeedFixture.StartAsync(static _ => { });
        await broken.LoadAsync(TestTables.Values, ManyValues, chunkRows: 10);
        broken.Lose(broken.Catalog.FindCurrent(new("demo", "values"))!.Chunks[^1].Hash);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => broken.Client.GetByteArrayAsync($"{broken.Root}/values?$format={format}", FeedFixture.Stop));
    }

    [Theory, InlineData("csv"), InlineData("parquet"), InlineData("arrow")]
    public async Task A_client_that_hangs_up_frees_its_place(string format)
    {
        await using var narrow = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static query => query.MaxConcurrent = 1));
        await narrow.LoadAsync(TestTables.Values, "SELECT i, i, md5(i::VARCHAR) || repeat(md5((i * 3)::VARCHAR), 90), 1, true, TIMESTAMP '2026-01-01', DATE '2026-01-01' FROM range(20000) r(i)", chunkRows: 1000);
        var request = new HttpRequestMessage(HttpMethod.Get, $"{narrow.Root}/values?$format={format}&$filter=id ge 0");
        using (var response = await narrow.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, FeedFixture.Stop))
        {
            await using var body = await response.Content.ReadAsStreamAsync(FeedFixture.Stop);
            await body.ReadExactlyAsync(new byte[1], FeedFixture.Stop);
        }

        Assert.Equal(20_000, (await narrow.JsonAsync("values?$count=true&$filter=a ge 0&$top=1")).GetProperty("@odata.count").GetInt32());
    }

    [Fact]
    public async Task A_file_that_would_be_too_long_is_refused_before_its_first_byte()
    {
        await using var small = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static query => query.TempLimit = 100_000));
        await small.LoadAsync(TestTables.Values, "SELECT i, i, md5(i::VARCHAR) || repeat(md5((i * 3)::VARCHAR), 90), 1, true, TIMESTAMP '2026-01-01', DATE '2026-01-01' FROM range(100000) r(i)", chunkRows: 50_000);
        using var response = await small.GetAsync("values?$format=parquet&$orderby=e desc,b");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Csv_is_compressed_for_clients_that_ask()
    {
        using var response = await feed.GetAsync("values?$format=csv", ("Accept-Encoding", "gzip"));
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task The_metadata_announces_the_formats()
    {
        var metadata = await feed.Client.GetStringAsync($"{feed.Root}/$metadata", FeedFixture.Stop);
        Assert.Contains("<String>text/csv</String>", metadata, StringComparison.Ordinal);
        Assert.Contains("<String>application/vnd.apache.parquet</String>", metadata, StringComparison.Ordinal);
        Assert.Contains("<String>application/vnd.apache.arrow.stream</String>", metadata, StringComparison.Ordinal);
    }

    private static async Task<Table> DownloadAsync(FeedFixture feed, string path, string format)
    {
        using var response = await feed.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}$format={format}");
        var bytes = await response.Content.ReadAsByteArrayAsync(FeedFixture.Stop);
        Assert.True(response.IsSuccessStatusCode, $"{path} as {format}: {(int)response.StatusCode} {(response.IsSuccessStatusCode ? null : Encoding.UTF8.GetString(bytes))}");
        return format switch
        {
            "csv" => Table.FromCsv(bytes),
            "arrow" => await Table.FromArrowAsync(bytes),
            _ => await Table.FromParquetAsync(bytes),
        };
    }

    private static void AssertSame(Table expected, Table actual)
    {
        if (expected.Rows.Count > 0)
            Assert.Equal(expected.Columns, actual.Columns);
        Assert.NotEmpty(actual.Columns);
        Assert.Equal(expected.Rows.Count, actual.Rows.Count);
        for (var row = 0; row < expected.Rows.Count; row++)
            Assert.Equal(expected.Rows[row], actual.Rows[row]);
    }
}
