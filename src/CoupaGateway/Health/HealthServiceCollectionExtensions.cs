using Microsoft.Extensions.Options;

namespace CoupaGateway.Health;

internal static class HealthServiceCollectionExtensions
{
    /// <summary>Probes, and how the gateway ends; options from the sections <c>Health</c> and <c>Shutdown</c>.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HealthOptions>().Bind(configuration.GetSection(HealthOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ShutdownOptions>().Bind(configuration.GetSection(ShutdownOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>(static (host, shutdown) => host.ShutdownTimeout = shutdown.Value.GracePeriod);
        services.AddSingleton<Drain>();
        services.AddHostedService(static provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<ClockWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<ClockWatch>());
        services.AddSingleton<GatewayHealth>();
        return services;
    }
}
