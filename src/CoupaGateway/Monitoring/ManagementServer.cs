using System.Net;
using CoupaGateway.Health;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace CoupaGateway.Monitoring;

/// <summary>
/// A small server of its own beside the one for readers: whoever reaches the one port does not reach the other, and no setting of the readers' addresses
/// changes that.
/// </summary>
internal sealed class ManagementServer(IOptions<ManagementOptions> options, MeterProvider meters, GatewayHealth health, ILogger<ManagementServer> logger) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens; null while it does not.</summary>
    public Uri? Address => _app?.Urls.FirstOrDefault() is { } url ? new Uri(url) : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Port is not { } port)
            return;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Value.Address), port);
        });
        builder.Services.AddOptions<PrometheusAspNetCoreOptions>();
        builder.Services.AddLogging();
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        _app.Run(HealthAsync);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException error)
        {
            throw new OptionsValidationException(ManagementOptions.Section, typeof(ManagementOptions),
                [$"{ManagementOptions.Section}:{nameof(ManagementOptions.Port)}: {options.Value.Address}:{port} cannot be opened: {error.Message}"]);
        }

        MonitoringLog.ManagementStarted(logger, Address!);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>The probes, with all details.</summary>
    private Task HealthAsync(HttpContext context)
    {
        var report = health.Report();
        var result = context.Request.Path.Value switch
        {
            Endpoints.Live => Results.Ok(),
            Endpoints.Startup => Results.StatusCode(health.IsStarted ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable),
            Endpoints.Ready => HealthEndpoints.Answer(report.Status, report),
            _ => Results.StatusCode(StatusCodes.Status404NotFound),
        };
        return result.ExecuteAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
