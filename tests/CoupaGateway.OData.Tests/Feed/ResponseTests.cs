using System.IO.Compression;
using System.Text;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class ResponseTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task A_collection_is_written_as_clients_expect_it()
    {
        using var response = await feed.GetAsync("invoices?$select=status,id,gross_total,created_at,invoice_date,paid&$filter=id le 2&$count=true", ("Prefer", "odata.maxpagesize=1"));
        Assert.Equal("application/json;odata.metadata=minimal;odata.streaming=true", response.Content.Headers.NonValidated["Content-Type"].ToString());
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.Equal("4.0", Assert.Single(response.Headers.GetValues("OData-Version")));
        Assert.StartsWith(
            $"{{\"@odata.context\":\"{feed.Root}/$metadata#invoices(id,status,gross_total,paid,created_at,invoice_date)\",\"@odata.count\":2,\"value\":[" +
            "{\"id\":1,\"status\":\"approved\",\"gross_total\":100.5,\"paid\":true,\"created_at\":\"2026-01-01T10:00:00Z\",\"invoice_date\":\"2026-01-01\"}],\"@odata.nextLink\":\"",
            body,
            StringComparison.Ordinal);
        Assert.EndsWith("\"}", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ieee754_compatible_writes_numbers_as_strings()
    {
        using var response = await feed.GetAsync("invoices?$select=id,gross_total&$top=1&$count=true", ("Accept", "application/json;odata.metadata=none;IEEE754Compatible=true"));
        Assert.Equal("application/json;odata.metadata=none;odata.streaming=true;IEEE754Compatible=true", response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Equal("{\"@odata.count\":\"6\",\"value\":[{\"id\":\"1\",\"gross_total\":\"100.5\"}]}", await response.Content.ReadAsStringAsync(FeedFixture.Stop));
    }

    [Theory]
    [InlineData("invoices(1)?$select=id", "invoices(id)/$entity\",\"id\":1}")]
    [InlineData("invoices(id=1)?$select=id", "invoices(id)/$entity\",\"id\":1}")]
    [InlineData("invoice_lines(invoices_id=3,id=14)?$select=total", "invoice_lines(total)/$entity\",\"total\":1}")]
    [InlineData("invoice_lines(id=14,invoices_id=3)", "invoice_lines/$entity\",\"invoices_id\":3,\"id\":14,\"description\":\"Pens\",\"total\":1}")]
    public async Task An_entity_is_found_by_its_key(string path, string expected)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal($"{{\"@odata.context\":\"{feed.Root}/$metadata#{expected}", await response.Content.ReadAsStringAsync(FeedFixture.Stop));
    }

    [Fact]
    public async Task Full_metadata_names_type_and_id()
    {
        var line = (await feed.JsonAsync("invoice_lines?$top=1&$select=total&$format=application/json;odata.metadata=full")).GetProperty("value")[0];
        Assert.Equal("#Coupa.invoice_lines", line.GetProperty("@odata.type").GetString());
        Assert.Equal($"{feed.Root}/invoice_lines(invoices_id=1,id=10)", line.GetProperty("@odata.id").GetString());
        Assert.False(line.TryGetProperty("id", out _));
    }

    [Theory]
    [InlineData("invoices/$count", "6")]
    [InlineData("invoices/$count?$filter=status eq 'approved'", "3")]
    [InlineData("invoice_lines/$count", "7")]
    public async Task Count_is_plain_text(string path, string expected)
    {
        using var response = await feed.GetAsync(path);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(FeedFixture.Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("?x=1")]
    public async Task The_service_root_lists_the_entity_sets(string suffix)
    {
        var document = await feed.JsonAsync(feed.Root + suffix);
        Assert.Equal($"{feed.Root}/$metadata", document.GetProperty("@odata.context").GetString());
        Assert.Equal(["invoices", "invoice_lines", "values", "suppliers", "deleted_records", "_meta"], document.GetProperty("value").EnumerateArray().Select(static set => set.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Power_query_gets_json_rows_and_xml_metadata_for_its_one_accept_header()
    {
        const string Accept = "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7";
        using var rows = await feed.GetAsync("invoices", ("Accept", Accept), ("OData-MaxVersion", "4.0"));
        Assert.Equal("application/json", rows.Content.Headers.ContentType!.MediaType);
        using var metadata = await feed.GetAsync("$metadata", ("Accept", Accept), ("OData-MaxVersion", "4.0"));
        Assert.Equal("application/xml", metadata.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Responses_are_compressed_for_who_asks(string encoding)
    {
        var plain = await (await feed.GetAsync("values")).Content.ReadAsByteArrayAsync(FeedFixture.Stop);
        using var response = await feed.GetAsync("values", ("Accept-Encoding", encoding));
        Assert.Equal(encoding, Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Contains("Accept-Encoding", string.Join(',', response.Headers.Vary), StringComparison.Ordinal);
        await using var body = await response.Content.ReadAsStreamAsync(FeedFixture.Stop);
        await using Stream unpacked = encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        using var copy = new MemoryStream();
        await unpacked.CopyToAsync(copy, FeedFixture.Stop);
        Assert.Equal(Encoding.UTF8.GetString(plain), Encoding.UTF8.GetString(copy.ToArray()));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("$metadata", 200)]
    [InlineData("invoices", 200)]
    [InlineData("invoices(1)", 200)]
    [InlineData("invoices(99)", 404)]
    [InlineData("invoices/$count", 200)]
    [InlineData("$metadata?$format=json", 200)]
    [InlineData("$metadata?$top=1", 400)]
    [InlineData("invoices?$filter=colour eq 1", 400)]
    [InlineData("invoices?$filter=matchesPattern(status,'(')", 400)]
    [InlineData("suppliers", 503)]
    public async Task Head_answers_without_a_body(string path, int status)
    {
        using var response = await feed.SendAsync(HttpMethod.Head, path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(FeedFixture.Stop));
    }

    [Fact]
    public async Task An_empty_result_is_an_empty_page()
    {
        Assert.Empty((await feed.JsonAsync("invoices?$top=0")).GetProperty("value").EnumerateArray());
        Assert.Empty((await feed.JsonAsync("invoices?$skip=9223372036854775807&$top=9223372036854775807")).GetProperty("value").EnumerateArray());
        Assert.Empty((await feed.JsonAsync("invoices?$filter=false&$orderby=status")).GetProperty("value").EnumerateArray());
    }
}
