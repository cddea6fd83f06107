using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>What a feed says when the engine cannot or may not do what it is asked for, and that it gives back what it held.</summary>
public sealed class LimitTests
{
    /// <summary>About 20 MB in one page: more than the buffers between server and client hold.</summary>
    private const string LargeRows = "SELECT i, i, repeat('x', 20000), NULL, NULL, NULL, NULL FROM range(1, 1001) r(i)";

    private const string ManyRows = "SELECT i, (hash(i) % 1000000)::BIGINT, repeat('x', 200) || hash(i)::VARCHAR, NULL, NULL, NULL, NULL FROM range(1, 400001) r(i)";

    [Fact]
    public async Task A_client_that_leaves_after_the_first_byte_gives_its_place_to_the_next()
    {
        await using var feed = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(OneAtATime));
        await feed.LoadAsync(TestTables.Values, LargeRows, chunkRows: 1_000);

        for (var visit = 0; visit < 3; visit++)
        {
            using (var visitor = await VisitAsync(feed))
            {
                using var busy = await feed.GetAsync("invoices");
                await ExpectAsync(busy, HttpStatusCode.ServiceUnavailable, "Busy");
                Assert.Equal(TimeSpan.FromSeconds(5), busy.Headers.RetryAfter!.Delta);
                using var head = await feed.SendAsync(HttpMethod.Head, "invoices");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, head.StatusCode);
            }

            HttpStatusCode status;
            do
            {
                using var answer = await feed.GetAsync("invoices");
                status = answer.StatusCode;
            }
            while (status == HttpStatusCode.ServiceUnavailable && !FeedFixture.Stop.IsCancellationRequested);
            Assert.Equal(HttpStatusCode.OK, status);
        }
    }

    [Fact]
    public async Task A_query_beyond_the_time_limit_is_refused_with_advice()
    {
        await using var feed = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static options => options.TimeLimit = TimeSpan.FromMilliseconds(1)));
        await feed.LoadAsync(TestTables.Values, ManyRows, chunkRows: 400_000);

        using var response = await feed.GetAsync("values?$orderby=length(concat(b,b)) desc,b&$filter=matchesPattern(b,'(x+)+9') and a ne 7");

        await ExpectAsync(response, HttpStatusCode.BadRequest, "TooComplex", "took longer than 0.001 seconds");
    }

    [Fact]
    public async Task A_query_beyond_the_memory_limit_is_refused_with_advice()
    {
        await using var feed = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(
            static options => (options.MemoryLimit, options.TempLimit) = (64L << 20, 0)));
        await feed.LoadAsync(TestTables.Values, ManyRows, chunkRows: 400_000);

        using var response = await feed.GetAsync("values?$orderby=b&$skip=300000");
        await ExpectAsync(response, HttpStatusCode.BadRequest, "TooComplex", "needs more memory");

        Assert.Equal(6, (await feed.IdsAsync("invoices")).Count); // and the next one is answered
    }

    [Theory]
    [InlineData(1_048_576, 500, 100_000)]
    [InlineData(16_384, 100, 10_000)]
    public async Task Long_conditions_are_answered_or_refused_but_never_break_the_server(int length, int depth, int nodes)
    {
        await using var feed = await FeedFixture.StartAsync(services => services.Configure<FeedOptions>(
            options => (options.MaxUrlLength, options.MaxExpressionDepth, options.MaxExpressionNodes) = (length, depth, nodes)));
        string[] filters =
        [
            .. new[] { 90, 1_000, 10_000 }.Select(static terms => string.Join(" or ", Enumerable.Range(1, terms).Select(static id => $"id eq {id}"))),
            .. new[] { 90, 1_000, 10_000 }.Select(static terms => string.Join(" and ", Enumerable.Range(1, terms).Select(static id => $"id ne {id}"))),
            .. new[] { 90, 1_000, 10_000, 90_000 }.Select(static terms => $"id in ({string.Join(',', Enumerable.Range(1, terms))})"),
            .. new[] { 1_000, 9_000 }.Select(static terms => $"status in ({string.Join(',', Enumerable.Range(1, terms).Select(static id => $"'s{id}'"))})"),
            string.Concat(Enumerable.Repeat("not(", 400)) + "paid" + new string(')', 400),
        ];
        var answered = 0;
        foreach (var filter in filters)
        {
            // By hand: HttpClient refuses URLs beyond 64 KB.
            var (status, body) = await RawAsync(feed, $"GET /odata/demo/invoices?$select=id&$filter={filter.Replace(' ', '+')} HTTP/1.1");
            Assert.True(status is 200 or 400 or 414, $"{filter[..40]}… of {filter.Length}: {status} {body}");
            answered += status == 200 ? 1 : 0;
            if (status == 400)
                Assert.Contains("\"code\":", body, StringComparison.Ordinal);
        }

        Assert.InRange(answered, 3, filters.Length - 1);
        Assert.Equal(6, (await feed.IdsAsync("invoices")).Count);
    }

    private static void OneAtATime(QueryOptions options) => (options.MaxConcurrent, options.MaxQueued) = (1, 0);

    /// <summary>Asks for a large page and reads its first byte.</summary>
    private static async Task<TcpClient> VisitAsync(FeedFixture feed)
    {
        var client = new TcpClient { ReceiveBufferSize = 4_096 };
        while (true)
        {
            await client.ConnectAsync(feed.Client.BaseAddress!.Host, feed.Client.BaseAddress.Port, FeedFixture.Stop);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /odata/demo/values HTTP/1.1\r\nHost: localhost\r\n\r\n"), FeedFixture.Stop);
            var first = new byte[1];
            Assert.Equal(1, await client.GetStream().ReadAsync(first, FeedFixture.Stop));
            return client;
        }
    }

    private static async Task<(int Status, string Body)> RawAsync(FeedFixture feed, string requestLine)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(feed.Client.BaseAddress!.Host, feed.Client.BaseAddress.Port, FeedFixture.Stop);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"), FeedFixture.Stop);
        }
        catch (IOException)
        {
            // The server may answer and close before it has read all of a line that is too long.
        }

        var answer = new StringBuilder();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            answer.Append(await reader.ReadToEndAsync(FeedFixture.Stop));
        }
        catch (IOException)
        {
        }

        var text = answer.ToString();
        return text.Length == 0 ? (414, text) : (int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), text);
    }

    private static async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode status, string code, string message = "")
    {
        var body = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("4.0", Assert.Single(response.Headers.GetValues("OData-Version")));
        Assert.Contains("Authorization", response.Headers.Vary);
    }
}
