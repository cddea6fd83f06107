using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.EndToEnd.Tests.Health;

/// <summary>
/// Sends each request to one of several gateways, those in turn that say they are ready. It asks them a few times a second, keeps connections open and tries
/// nothing twice, so what it loses the gateway has lost.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _probing;
    private ImmutableList<Uri> _all = [];
    private ImmutableList<Uri> _ready = [];
    private int _turn;

    private LoadBalancer(WebApplication app)
    {
        _app = app;
        _app.Run(ForwardAsync);
        _probing = ProbeAsync();
    }

    public Uri Address => new(_app.Urls.First() + "/");

    public int Ready => Volatile.Read(ref _ready).Count;

    public static async Task<LoadBalancer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var balancer = new LoadBalancer(builder.Build());
        await balancer._app.StartAsync(cancellationToken);
        return balancer;
    }

    public void Add(Uri gateway) => ImmutableInterlocked.Update(ref _all, static (all, gateway) => all.Add(gateway), gateway);

    public void Remove(Uri gateway) => ImmutableInterlocked.Update(ref _all, static (all, gateway) => all.Remove(gateway), gateway);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        await _app.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var ready = Volatile.Read(ref _ready);
        if (ready.IsEmpty)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        var gateway = ready[(int)((uint)Interlocked.Increment(ref _turn) % ready.Count)];
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, context.Request.Path + context.Request.QueryString.ToUriComponent()));
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task ProbeAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var all = Volatile.Read(ref _all);
                var answers = await Task.WhenAll(all.Select(IsReadyAsync));
                Volatile.Write(ref _ready, [.. all.Where((_, i) => answers[i])]);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<bool> IsReadyAsync(Uri gateway)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(gateway, "readyz"), _stop.Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
