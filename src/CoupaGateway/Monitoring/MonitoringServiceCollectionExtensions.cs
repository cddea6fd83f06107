using System.Reflection;
using CoupaGateway.Telemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CoupaGateway.Monitoring;

internal static class MonitoringServiceCollectionExtensions
{
    /// <summary>OpenTelemetry's own setting for where signals go. Its other settings (<c>OTEL_…</c>) are in force as well.</summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Metrics, traces and logs by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and metrics for Prometheus where <c>Management:Port</c> is. Without
    /// either nothing is collected.
    /// </summary>
    public static IServiceCollection AddMonitoring(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ManagementOptions>().Bind(configuration.GetSection(ManagementOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        var exports = configuration[OtlpEndpoint] is { Length: > 0 };
        var options = configuration.GetSection(ManagementOptions.Section);
        if (!exports && options[nameof(ManagementOptions.Port)] is null)
            return services;

        services.AddHostedService<GatewayGauges>();
        services.AddSingleton<ManagementServer>();
        services.AddHostedService(static provider => provider.GetRequiredService<ManagementServer>());
        var telemetry = services.AddOpenTelemetry().ConfigureResource(static resource => resource.AddService(TelemetryNames.Service, serviceVersion: Version()));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(TelemetryNames.Meters, "System.Runtime", "System.Net.Http").AddAspNetCoreInstrumentation();
            var series = int.TryParse(options[nameof(ManagementOptions.SeriesPerMetric)], out var wanted) ? wanted : new ManagementOptions().SeriesPerMetric;
            foreach (var instrument in Instruments.All)
                metrics.AddView(instrument.Name, new MetricStreamConfiguration { CardinalityLimit = series });
            metrics.AddPrometheusExporter();
            if (exports)
                metrics.AddOtlpExporter();
        });
        if (!exports)
            return services;

        telemetry.WithTracing(static traces => traces
            .AddSource(TelemetryNames.ActivitySource)
            .AddAspNetCoreInstrumentation(static requests =>
            {
                requests.RecordException = false;
                requests.EnrichWithHttpRequest = static (activity, request) => RequestSpans.Clean(activity, request.HttpContext);
                requests.EnrichWithHttpResponse = static (activity, response) => RequestSpans.Clean(activity, response.HttpContext);
            })
            .AddOtlpExporter());
        telemetry.WithLogging(static logs => logs.AddOtlpExporter(), static log =>
        {
            log.IncludeScopes = true;
            log.IncludeFormattedMessage = true;
            log.ParseStateValues = true;
        });
        return services;
    }

    private static string? Version() => typeof(GatewayGauges).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
