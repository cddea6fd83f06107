using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Tests.Feed;
using CoupaGateway.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Batch;

public sealed class BatchTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    private const string Multipart = "multipart/mixed;boundary=b";

    [Theory]
    [InlineData("application/json")]
    [InlineData(Multipart)]
    public async Task Each_request_is_answered_as_if_it_had_come_alone(string format)
    {
        (string Url, string Path)[] paths =
        [
            ("invoices?$filter=id%20le%202&$select=id,status&$count=true&$orderby=id%20desc", "invoices?$filter=id%20le%202&$select=id,status&$count=true&$orderby=id%20desc"),
            ("{root}/invoices(1)", "invoices(1)"),
            ("/odata/demo/", ""),
            ("/odata/demo/invoices?$format=application/json;odata.metadata=full&$top=2", "invoices?$format=application/json;odata.metadata=full&$top=2"),
            ("invoice_lines(invoices_id=3,id=14)?$select=total", "invoice_lines(invoices_id=3,id=14)?$select=total"),
            ("{root}/values?$top=200", "values?$top=200"),
            ("$metadata", "$metadata"),
            ("$metadata?$format=json", "$metadata?$format=json"),
        ];
        var parts = await SendAsync(format, [.. paths.Select(static path => ("GET", path.Url))]);
        Assert.Equal(paths.Length, parts.Count);
        foreach (var (part, (_, path)) in parts.Zip(paths))
        {
            using var alone = await feed.GetAsync(path);
            Assert.Equal(200, part.Status);
            Assert.Equal(alone.Content.Headers.NonValidated["Content-Type"].ToString(), part.Headers["content-type"]);
            Assert.Equal(await alone.Content.ReadAsStringAsync(FeedFixture.Stop), part.Body);
            Assert.Equal(alone.Headers.ETag!.ToString(), part.Headers["etag"]);
            Assert.Equal("4.0", part.Headers["odata-version"]);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData(Multipart)]
    public async Task The_first_failure_ends_a_batch(string format)
    {
        (string, string)[] requests = [("GET", "invoices(1)"), ("GET", "invoices(99)"), ("GET", "invoices(2)")];
        Assert.Equal([200, 404], (await SendAsync(format, requests)).Select(static part => part.Status));
        var all = await SendAsync(format, requests, ("Prefer", "odata.continue-on-error"));
        Assert.Equal([200, 404, 200], all.Select(static part => part.Status));
        Assert.Contains("\"NotFound\"", all[1].Body, StringComparison.Ordinal);
        Assert.Equal([200, 404, 200], (await SendAsync(format, requests, ("Prefer", "continue-on-error=true"))).Select(static part => part.Status));
        Assert.Equal([200, 404], (await SendAsync(format, requests, ("Prefer", "odata.continue-on-error=false"))).Select(static part => part.Status));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData(Multipart)]
    public async Task Whatever_is_asked_amiss_is_an_error_of_its_part(string format)
    {
        var parts = await SendAsync(
            format,
            [
                ("GET", "nothing"), ("GET", "invoices?$filter=colour%20eq%201"), ("DELETE", "invoices(1)"), ("POST", "/odata/demo/$batch"), ("GET", "http://other.example/odata/demo/invoices"),
                ("GET", "/odata/other/invoices"), ("GET", "suppliers"), ("GET", "/api/v1/keys"), ("GET", "../other/invoices"), ("GET", "invoices(1)"), ("GET", "/odata/demo/$metadata?$format=text/html"),
            ],
            ("Prefer", "odata.continue-on-error"));
        Assert.Equal([404, 400, 405, 400, 404, 404, 503, 404, 404, 200, 406], parts.Select(static part => part.Status));
        Assert.All(parts.Where(static part => part.Status >= 400), static part => Assert.NotEmpty(JsonDocument.Parse(part.Body).RootElement.GetProperty("error").GetProperty("message").GetString()!));
        Assert.Equal("5", parts[6].Headers["retry-after"]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData(Multipart)]
    public async Task Own_resources_and_HEAD_are_asked_like_any_other(string format)
    {
        var parts = await SendAsync(format, [("HEAD", "invoices(1)"), ("HEAD", "invoices(99)"), ("HEAD", "$metadata"), ("GET", "$all"), ("GET", "$crossjoin(invoices,values)"), ("GET", "invoices(1)")], ("Prefer", "odata.continue-on-error"));
        Assert.Equal([200, 404, 200, 501, 501, 200], parts.Select(static part => part.Status));
        Assert.All(parts.Take(3), static part => Assert.Empty(part.Body));
        Assert.NotEmpty(parts[0].Headers["etag"]);
    }

    [Fact]
    public async Task A_condition_on_another_answer_is_an_error_of_its_part()
    {
        var body = """{"requests":[{"id":"1","method":"GET","url":"invoices(1)"},{"id":"2","if":"$1/id eq 1","method":"GET","url":"invoices(2)"},{"id":"3","method":"GET","url":"invoices(3)"}]}""";
        var parts = await PostAsync("application/json", body, ("Prefer", "odata.continue-on-error"));
        Assert.Equal([200, 501, 200], parts.Select(static part => part.Status));
        Assert.Contains("'if'", parts[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_json_batch_has_text_as_strings_and_bytes_as_base64url()
    {
        var parts = await SendAsync("application/json", [("GET", "invoices/$count"), ("GET", "values?$format=csv"), ("GET", "invoices?$format=parquet"), ("GET", "/odata/demo/$metadata")]);
        Assert.Equal("\"6\"", parts[0].Raw);
        Assert.Equal(await TextAsync("values?$format=csv"), parts[1].Body);
        Assert.Equal("PAR1", Encoding.ASCII.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[2].Body))[..4]);
        Assert.Equal(await TextAsync("$metadata"), parts[3].Body);
    }

    [Fact]
    public async Task A_multipart_batch_has_any_bytes_as_they_are()
    {
        var parts = await SendAsync(Multipart, [("GET", "invoices/$count"), ("GET", "values?$format=csv"), ("GET", "/odata/demo/$metadata")]);
        Assert.Equal("6", parts[0].Body);
        Assert.Equal(await TextAsync("values?$format=csv"), parts[1].Body);
        Assert.Equal(await TextAsync("$metadata"), parts[2].Body);
    }

    [Fact]
    public async Task What_depends_on_a_failure_is_not_tried()
    {
        var body = """
            {"requests":[
              {"id":"a","method":"GET","url":"invoices(1)"},
              {"id":"b","method":"get","url":"invoices(99)","dependsOn":["a"]},
              {"id":"c","method":"GET","url":"invoices(2)","dependsOn":["b","a"]},
              {"id":"d","method":"GET","url":"invoices(2)","dependsOn":["c"]},
              {"id":"e","method":"GET","url":"invoices(2)","dependsOn":["a"]}]}
            """;
        Assert.Equal(
            [("a", 200), ("b", 404), ("c", 424), ("d", 424), ("e", 200)],
            (await PostAsync("application/json", body, ("Prefer", "odata.continue-on-error"))).Select(static part => (part.Id, part.Status)));
    }

    [Fact]
    public async Task Groups_are_refused_as_a_whole()
    {
        var json = """
            {"requests":[
              {"id":"1","atomicityGroup":"g","method":"PATCH","url":"invoices(1)","headers":{"content-type":"application/json"},"body":{"status":"x"}},
              {"id":"2","atomicityGroup":"g","method":"DELETE","url":"invoices(1)","headers":{}},
              {"id":"3","method":"GET","url":"invoices(1)"}]}
            """;
        Assert.Equal([("1", 501), ("2", 501)], (await PostAsync("application/json", json)).Select(static part => (part.Id, part.Status)));
        Assert.Equal([501, 501, 200], (await PostAsync("application/json", json, ("Prefer", "odata.continue-on-error"))).Select(static part => part.Status));

        const string Group = """
            --b
            Content-Type: multipart/mixed;boundary=c

            --c
            Content-Type: application/http
            Content-Transfer-Encoding: binary
            Content-ID: 1

            DELETE invoices(1) HTTP/1.1


            --c
            Content-Type: application/http
            Content-Transfer-Encoding: binary
            Content-ID: 2

            DELETE invoices(2) HTTP/1.1


            --c--
            --b
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            GET invoices(1) HTTP/1.1


            --b--

            """;
        Assert.Equal([501, 200], (await PostAsync(Multipart, Group.ReplaceLineEndings("\r\n"), ("Prefer", "odata.continue-on-error"))).Select(static part => part.Status));
    }

    [Fact]
    public async Task Headers_of_a_request_win_over_those_of_the_batch()
    {
        var body = """
            {"requests":[
              {"id":"1","method":"GET","url":"invoices"},
              {"id":"2","method":"GET","url":"invoices","headers":{"Prefer":"maxpagesize=1","OData-MaxVersion":"4.01","Accept":"application/json;odata.metadata=none","Host":"evil.example"}},
              {"id":"3","method":"GET","url":"invoices(1)","headers":{"If-None-Match":"*"}}]}
            """;
        var parts = await PostAsync("application/json", body, ("Prefer", "maxpagesize=2"));
        Assert.Equal([2, 1], parts.Take(2).Select(static part => JsonDocument.Parse(part.Body).RootElement.GetProperty("value").GetArrayLength()));
        Assert.Contains("\"@odata.nextLink\"", parts[0].Body, StringComparison.Ordinal);
        Assert.Contains($"\"@nextLink\":\"{feed.Root}/invoices?", parts[1].Body, StringComparison.Ordinal);
        Assert.Equal(304, parts[2].Status);
    }

    [Fact]
    public async Task The_client_chooses_the_format_of_the_answer()
    {
        using var json = await feed.PostAsync("$batch", Multipart, MultipartOf([("GET", "invoices(1)")]), ("Accept", "application/json"));
        Assert.Equal("application/json;odata.metadata=minimal;odata.streaming=true", json.Content.Headers.NonValidated["Content-Type"].ToString());
        using var multipart = await feed.PostAsync("$batch", "application/json", JsonOf([("GET", "invoices(1)")]), ("Accept", "application/json;q=0.5, multipart/mixed"), ("OData-MaxVersion", "4.01"));
        Assert.StartsWith("multipart/mixed;boundary=batch_", multipart.Content.Headers.NonValidated["Content-Type"].ToString(), StringComparison.Ordinal);
        Assert.Equal("4.01", Assert.Single(multipart.Headers.GetValues("OData-Version")));
        using var neither = await feed.PostAsync("$batch", "application/json", JsonOf([("GET", "invoices(1)")]), ("Accept", "text/csv"));
        Assert.Equal(HttpStatusCode.NotAcceptable, neither.StatusCode);
    }

    public static TheoryData<string, string, int, string> Mistakes => new()
    {
        { "application/json", "", 400, "InvalidBatch" },
        { "application/json", "{", 400, "InvalidBatch" },
        { "application/json", "[]", 400, "InvalidBatch" },
        { "application/json", """{"requests":1}""", 400, "InvalidBatch" },
        { "application/json", """{"requests":[{"id":"1","method":"GET","url":"invoices"}""", 400, "InvalidBatch" },
        { "application/json", """{"requests":[{"id":"1","url":"invoices"}]}""", 400, "InvalidBatch" },
        { "application/json", """{"requests":[{"id":"1","method":"GET","url":"invoices"},{"id":"1","method":"GET","url":"invoices"}]}""", 400, "InvalidBatch" },
        { "application/json", """{"requests":[{"id":"1","method":"GET","url":"invoices","dependsOn":["2"]},{"id":"2","method":"GET","url":"invoices"}]}""", 400, "InvalidBatch" },
        { "application/json", """{"requests":[]}""", 400, "InvalidBatch" },
        { Multipart, "--b--\r\n", 400, "InvalidBatch" },
        { Multipart, "", 400, "InvalidBatch" },
        { Multipart, "--x\r\n", 400, "InvalidBatch" },
        { Multipart, "--b\r\n\r\nGET invoices HTTP/1.1\r\n\r\n\r\n--b--\r\n", 400, "InvalidBatch" },
        { Multipart, "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET invoices\r\n\r\n\r\n--b--\r\n", 400, "InvalidBatch" },
        { Multipart, "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET invoices HTTP/1.1\r\n", 400, "InvalidBatch" },
        { "multipart/mixed", "--b--\r\n", 415, "multipart/mixed" },
        { "text/plain", "", 415, "application/json" },
        { "multipart/form-data;boundary=b", "--b--\r\n", 415, "multipart/mixed" },
    };

    [Theory]
    [InlineData("--b--")]
    [InlineData("--b--\r\nGroup ID: $auto\r\n")]
    [InlineData("--b-- \r\n--b--x")]
    public async Task What_follows_the_end_does_not_matter(string end)
    {
        var part = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET invoices(1) HTTP/1.1\r\n\r\n\r\n";
        Assert.Equal([200], (await PostAsync(Multipart, part + end)).Select(static answer => answer.Status));
        using var without = await feed.PostAsync("$batch", Multipart, Encoding.UTF8.GetBytes($"{part} {end[..5]}\r\n"));
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_batch_that_cannot_be_read_is_refused(string contentType, string body, int status, string named)
    {
        using var response = await feed.PostAsync("$batch", contentType, Encoding.UTF8.GetBytes(body));
        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Contains(named, JsonDocument.Parse(text).RootElement.GetProperty("error").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_limited_in_requests_and_bytes()
    {
        await using var small = await FeedFixture.StartAsync(static services => services.Configure<FeedOptions>(static options => (options.MaxBatchRequests, options.MaxBatchBytes) = (3, 2_000)));
        foreach (var (format, body) in new[] { ("application/json", (Func<(string, string)[], byte[]>)JsonOf), (Multipart, MultipartOf) })
        {
            using var fits = await small.PostAsync("$batch", format, body([.. Enumerable.Repeat(("GET", "invoices(1)"), 3)]));
            Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
            using var many = await small.PostAsync("$batch", format, body([.. Enumerable.Repeat(("GET", "invoices(1)"), 4)]));
            Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
            using var large = await small.PostAsync("$batch", format, body([("GET", "invoices?" + new string('x', 2_000))]));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        }
    }

    [Fact]
    public async Task A_caller_is_the_same_within_a_batch_and_has_no_more_requests()
    {
        await using var limited = await FeedFixture.StartAsync(static services => services.AddSingleton<IFeedAccess, FewRequests>());
        using var response = await limited.PostAsync("$batch", "application/json", JsonOf([.. Enumerable.Repeat(("GET", "invoices?$select=id"), 4)]), ("X-Caller", "anna"), ("Prefer", "odata.continue-on-error"));
        var parts = PartsOfJson(await response.Content.ReadAsStringAsync(FeedFixture.Stop));
        Assert.Equal([200, 200, 429, 429], parts.Select(static part => part.Status));
        Assert.Equal("7", parts[2].Headers["retry-after"]);
        Assert.Equal(2, JsonDocument.Parse(parts[0].Body).RootElement.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task No_mutated_batch_gives_a_server_error()
    {
        byte[][] seeds = [JsonOf([("GET", "invoices?$top=1"), ("GET", "/odata/demo/$metadata")]), MultipartOf([("GET", "invoices?$top=1"), ("GET", "nothing")])];
        string[] pieces = ["\"", "{", "}", "]", "\r\n", "--b", "$1", "\\u0000", "null", "GET", ":", "é", "%", "http://", " ", "HTTP/9", "9999999999", "Content-ID: 1\r\n"];
        var random = new Random(20261125);
        for (var round = 0; round < 1_500; round++)
        {
            var kind = random.Next(2);
            var text = Encoding.UTF8.GetString(seeds[kind]);
            for (var edit = random.Next(1, 4); edit > 0; edit--)
            {
                var at = random.Next(text.Length);
                text = random.Next(2) == 0 ? text.Insert(at, pieces[random.Next(pieces.Length)]) : text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at)) + " ";
            }

            using var response = await feed.PostAsync("$batch", kind == 0 ? "application/json" : Multipart, Encoding.UTF8.GetBytes(text));
            Assert.True((int)response.StatusCode is 200 or 400, $"{(int)response.StatusCode} {text}");
            Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync(FeedFixture.Stop), StringComparison.Ordinal);
        }
    }

    private async Task<string> TextAsync(string path)
    {
        using var response = await feed.GetAsync(path);
        return await response.Content.ReadAsStringAsync(FeedFixture.Stop);
    }

    private Task<List<Part>> SendAsync(string format, (string Method, string Url)[] requests, params (string, string)[] headers)
    {
        requests = [.. requests.Select(request => (request.Method, request.Url.Replace("{root}", feed.Root, StringComparison.Ordinal)))];
        return PostAsync(format, Encoding.UTF8.GetString(format == Multipart ? MultipartOf(requests) : JsonOf(requests)), headers);
    }

    private async Task<List<Part>> PostAsync(string format, string body, params (string, string)[] headers)
    {
        using var response = await feed.PostAsync("$batch", format, Encoding.UTF8.GetBytes(body), headers);
        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(response.IsSuccessStatusCode, text);
        return format == Multipart ? PartsOfMultipart(text, response.Content.Headers.ContentType!.Parameters.Single().Value!) : PartsOfJson(text);
    }

    private static byte[] JsonOf((string Method, string Url)[] requests) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["requests"] = new JsonArray([.. requests.Select(static (request, i) => new JsonObject { ["id"] = $"{i}", ["method"] = request.Method, ["url"] = request.Url })]),
    }.ToJsonString());

    private static byte[] MultipartOf((string Method, string Url)[] requests) => Encoding.UTF8.GetBytes(
        string.Concat(requests.Select(static request => $"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{request.Method} {request.Url} HTTP/1.1\r\n\r\n\r\n")) + "--b--\r\n");

    private static List<Part> PartsOfJson(string text) =>
    [
        .. JsonDocument.Parse(text).RootElement.GetProperty("responses").EnumerateArray().Select(static part => new Part(
            part.GetProperty("id").GetString(),
            part.GetProperty("status").GetInt32(),
            part.GetProperty("headers").EnumerateObject().ToDictionary(static header => header.Name, static header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase),
            part.TryGetProperty("body", out var body) ? body.GetRawText() : string.Empty)),
    ];

    private static List<Part> PartsOfMultipart(string text, string boundary)
    {
        Assert.EndsWith($"--{boundary}--", text.TrimEnd(), StringComparison.Ordinal);
        var parts = new List<Part>();
        foreach (var part in $"\r\n{text}".Split($"\r\n--{boundary}")[1..^1])
        {
            var http = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            var end = http.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var lines = http[..end].Split("\r\n");
            parts.Add(new(
                null,
                int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
                lines.Skip(1).Select(static line => line.Split(": ", 2)).ToDictionary(static line => line[0], static line => line[1], StringComparer.OrdinalIgnoreCase),
                http[(end + 4)..]));
        }

        return parts;
    }

    private sealed record Part(string? Id, int Status, Dictionary<string, string> Headers, string Raw)
    {
        public string Body => Raw.StartsWith('"') ? JsonSerializer.Deserialize<string>(Raw)! : Raw;
    }

    /// <summary>Two requests, two rows a page.</summary>
    private sealed class FewRequests : IFeedAccess
    {
        private int _left = 1;

        public FeedView? View(HttpContext context, string connection, SchemaRevision schema) => context.Request.Headers["X-Caller"] == "anna" || context.Features.Get<Known>() is not null ? Remember(context, schema) : null;

        public bool TryAdmit(HttpContext context, out TimeSpan retryAfter)
        {
            retryAfter = TimeSpan.FromSeconds(7);
            return --_left >= 0;
        }

        private static FeedView Remember(HttpContext context, SchemaRevision schema)
        {
            context.Features.Set(new Known());
            return new(schema, MaxPageSize: 2);
        }

        private sealed class Known;
    }
}
