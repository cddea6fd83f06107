using System.IO.Compression;
using System.Text;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Coupa.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace CoupaGateway.Coupa.Tests.Http;

public sealed class BodyTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Compressed_answers_are_read(string encoding)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = async context =>
        {
            Assert.Contains(encoding, context.Request.Headers.AcceptEncoding.ToString(), StringComparison.Ordinal);
            context.Response.Headers.ContentEncoding = encoding;
            await using var stream = Compress(context.Response.Body, encoding);
            await stream.WriteAsync(Encoding.UTF8.GetBytes("""[{"id":1},{"id":2}]"""));
        };

        Assert.Equal(2, await gateway.CountAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_answer_that_unfolds_beyond_the_limit_is_refused(string encoding)
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxBodyBytes = 1024 * 1024);
        gateway.Coupa.Api = async context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            await using var stream = Compress(context.Response.Body, encoding);
            var blanks = new byte[1024 * 1024];
            blanks.AsSpan().Fill((byte)' ');
            for (var i = 0; i < 16; i++)
                await stream.WriteAsync(blanks, context.RequestAborted);
        };

        Assert.Equal(CoupaFailure.BodyTooLarge, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
        Assert.Equal(1, gateway.Coupa.ApiRequests);
    }

    [Fact]
    public async Task An_endless_body_is_cut_off()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxBodyBytes = 1024 * 1024);
        var ended = new TaskCompletionSource();
        gateway.Coupa.Api = async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            await context.Response.WriteAsync("[");
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync("""{"id":1},""", context.RequestAborted);
        };

        Assert.Equal(CoupaFailure.BodyTooLarge, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
        await ended.Task;
    }

    [Fact]
    public async Task An_announced_length_beyond_the_limit_is_refused_before_reading()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxBodyBytes = 1024 * 1024);
        gateway.Coupa.Api = static async context =>
        {
            context.Response.ContentLength = long.MaxValue;
            await context.Response.WriteAsync("[");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        Assert.Equal(CoupaFailure.BodyTooLarge, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
    }

    [Fact]
    public async Task Endless_headers_are_refused()
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxRetries = 0);
        gateway.Coupa.Api = static context =>
        {
            for (var i = 0; i < 60; i++)
                context.Response.Headers[$"X-{i}"] = new string('x', 1000);
            return FakeCoupa.Json(context, "[]");
        };

        await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync());
    }

    [Theory]
    [InlineData("[{\"id\":1,\"deep\":", "[", "]", "}]")]
    [InlineData("[{\"id\":1,\"deep\":", "{\"a\":", "}", "}]")]
    [InlineData("", "[", "]", "")]
    public async Task Ten_thousand_levels_are_refused(string head, string open, string close, string tail)
    {
        await using var gateway = await Gateway.StartAsync(static options => options.MaxRetries = 0);
        var body = head + string.Concat(Enumerable.Repeat(open, 10_000)) + (open == "[" ? "" : "1") + string.Concat(Enumerable.Repeat(close, 10_000)) + tail;
        gateway.Coupa.Api = context => FakeCoupa.Json(context, body);

        Assert.Equal(CoupaFailure.MalformedBody, (await Assert.ThrowsAsync<CoupaException>(() => gateway.CountAsync())).Failure);
        Assert.Equal(CoupaFailure.MalformedBody, (await Assert.ThrowsAsync<CoupaException>(() => gateway.Client.ReadRecordAsync("invoices", 1))).Failure);
    }

    [Fact]
    public async Task A_page_is_handed_out_byte_by_byte_as_sent()
    {
        await using var gateway = await Gateway.StartAsync();
        var sent = "[{\"id\":7,\"name\":\"" + new string('é', 300_000) + "\"}]";
        gateway.Coupa.Api = context => FakeCoupa.Json(context, sent);

        await foreach (var page in gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", UpToId = 7 }))
        {
            Assert.Equal(sent, Encoding.UTF8.GetString(page.Json.Span));
            page.Dispose();
            page.Dispose();
            Assert.Throws<ObjectDisposedException>(() => page.Json);
        }
    }

    [Fact]
    public async Task A_byte_order_mark_is_dropped_and_broken_characters_are_mended()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Coupa.Api = static async context =>
        {
            byte[] body = [0xEF, 0xBB, 0xBF, .. "[{\"id\":1,\"name\":\"M"u8, 0xFC, .. "ller\"}]"u8];
            await context.Response.Body.WriteAsync(body);
        };

        await foreach (var page in gateway.Client.ReadAsync(new PageRequest { Resource = "invoices", UpToId = 1 }))
        {
            using (page)
                Assert.Equal("[{\"id\":1,\"name\":\"M\uFFFDller\"}]", Encoding.UTF8.GetString(page.Json.Span));
        }
    }

    private static Stream Compress(Stream stream, string encoding) => encoding switch
    {
        "gzip" => new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true),
        _ => new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true),
    };
}
