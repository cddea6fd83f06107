using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.EndToEnd.Tests.Monitoring;

/// <summary>Takes what a gateway exports by OTLP over HTTP, as it comes.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

    private OtlpCollector(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Everything that was sent, as text: names and values are in it as they are.</summary>
    public string Text => string.Join('\n', _received.Select(static message => Encoding.Latin1.GetString(message.Body)));

    /// <summary>All spans.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. _received.Where(static message => message.Path == "/v1/traces").SelectMany(static message => OtlpSpan.ReadAll(message.Body))];

    /// <summary>Trace ids of the log records.</summary>
    public IReadOnlyList<string> LogTraces => [.. _received.Where(static message => message.Path == "/v1/logs").SelectMany(static message => OtlpSpan.ReadLogTraces(message.Body))];

    public bool Has(string path) => _received.Any(message => message.Path == path);

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            collector._received.Enqueue((context.Request.Path.Value!, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await collector._app.StartAsync(cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
