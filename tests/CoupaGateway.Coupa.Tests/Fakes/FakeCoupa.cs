using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>A server on a real socket that answers as a test tells it to. Token requests are answered well unless told otherwise.</summary>
internal sealed class FakeCoupa : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _tokens;

    private FakeCoupa(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string> Bearers { get; } = [];

    public ConcurrentQueue<string> TokenForms { get; } = [];

    public int ApiRequests => Requests.Count;

    /// <summary>The clock that its answers tell of.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public int TokenRequests => TokenForms.Count;

    public Func<HttpContext, Task> Api { get; set; } = static context => Json(context, "[]");

    public Func<HttpContext, Task>? Token { get; set; }

    public static async Task<FakeCoupa> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 128 * 1024;
        });
        var app = builder.Build();
        var fake = new FakeCoupa(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        return fake;
    }

    public static async Task Json(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    public static Task Status(HttpContext context, int status, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync("""{"errors":{"object":["jane.doe@example.com is not welcome"]}}""");
    }

    /// <summary>Answers the first requests as listed, and all later ones as the last of the list.</summary>
    public void Script(params Func<HttpContext, Task>[] answers)
    {
        var next = -1;
        Api = context => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](context);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.Date = Clock.GetUtcNow().ToString("R");
        if (context.Request.Path == "/oauth2/token")
        {
            using var reader = new StreamReader(context.Request.Body);
            TokenForms.Enqueue(await reader.ReadToEndAsync());
            var number = Interlocked.Increment(ref _tokens);
            await (Token is { } answer ? answer(context) : Json(context, $$"""{"access_token":"token-{{number}}","token_type":"bearer","expires_in":86399}"""));
            return;
        }

        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{WebUtility.UrlDecode(context.Request.QueryString.Value)}");
        Bearers.Enqueue(context.Request.Headers.Authorization.ToString());
        await Api(context);
    }
}
