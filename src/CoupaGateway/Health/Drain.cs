using Microsoft.Extensions.Options;

namespace CoupaGateway.Health;

/// <summary>Ends the gateway so that no request is lost.</summary>
/// <remarks>
/// <code>
///   SIGTERM
///   1. /readyz answers 503; requests are taken on and answered with Connection: close       Shutdown:Delay
///   2. the server stops listening and lets requests finish  ┐
///   3. loads stop at their last checkpoint, leases go back  ├ the rest of Shutdown:GracePeriod
///   4. the embedded cache takes a checkpoint                ┘
/// </code>
/// </remarks>
internal sealed class Drain(IOptions<ShutdownOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IStartupFilter
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        if (options.Value.Delay == TimeSpan.Zero)
            return;

        HealthLog.Draining(logger, options.Value.Delay);
        await Task.Delay(options.Value.Delay, time, cancellationToken);
    }

    /// <summary>Puts itself in front of everything.</summary>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(SendAwayAsync);
        next(app);
    };

    /// <summary>Lets clients and proxies leave: an idle connection that is closed under them would cost a request.</summary>
    private Task SendAwayAsync(HttpContext context, RequestDelegate next)
    {
        if (_isDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return next(context);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
