using System.Net;
using System.Reflection;
using CoupaGateway.Coupa.Budgets;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Coupa.Diagnostics;
using CoupaGateway.Coupa.Http;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Coupa.Testing.Steps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa;

public static class CoupaServiceCollectionExtensions
{
    private const int MaxConnections = 256;
    private const int MaxHeaderKilobytes = 32;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>A connection lives this long at most, so that a changed DNS entry is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Adds <see cref="ICoupaClientFactory"/>, <see cref="IConnectionTester"/> and what it needs. <see cref="OutboundOptions"/> say where requests may go. An <see cref="IRequestBudgetProvider"/> or <see cref="TimeProvider"/> registered before stays.</summary>
    public static IServiceCollection AddCoupaSource(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRequestBudgetProvider, RequestBudgetProvider>();
        services.TryAddSingleton<ICoupaClientFactory, CoupaClientFactory>();
        services.TryAddSingleton<CoupaMetrics>();
        services.TryAddSingleton<InstanceClocks>();
        services.TryAddSingleton<IInstanceClocks>(static provider => provider.GetRequiredService<InstanceClocks>());
        services.TryAddSingleton<IHostResolver, DnsHostResolver>();
        services.TryAddSingleton(static provider => new OutboundGuard(provider.GetRequiredService<IOptions<OutboundOptions>>(), provider.GetRequiredService<IHostResolver>()));
        services.AddOptions<OutboundOptions>();
        services.TryAddSingleton<IConnectionTester, ConnectionTester>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IConnectionTestStep, AddressStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, NameStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, TransportStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, TokenStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, ScopeStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, RecordStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, ClockStep>(),
            ServiceDescriptor.Singleton<IConnectionTestStep, PagingStep>(),
        ]);
        services.AddLogging();
        services.AddMetrics();
        services.AddHttpClient(CoupaConstants.HttpClientName, static client =>
            {
                // Attempts have a timeout of their own, which covers the body too.
                client.Timeout = Timeout.InfiniteTimeSpan;
                var version = typeof(CoupaServiceCollectionExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
                client.DefaultRequestHeaders.UserAgent.ParseAdd($"CoupaGateway/{version}");
            })
            .RemoveAllLoggers() // they would write addresses with filter values
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(static provider => new SocketsHttpHandler
            {
                ConnectCallback = provider.GetRequiredService<OutboundGuard>().ConnectAsync,
                UseProxy = provider.GetRequiredService<IOptions<OutboundOptions>>().Value.Proxy is not null,
                Proxy = provider.GetRequiredService<IOptions<OutboundOptions>>().Value.Proxy is { } proxy ? new WebProxy(proxy) : null,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                UseCookies = false,
                ConnectTimeout = ConnectTimeout,
                PooledConnectionLifetime = ConnectionLifetime,
                MaxConnectionsPerServer = MaxConnections,
                MaxResponseHeadersLength = MaxHeaderKilobytes,
                ActivityHeadersPropagator = null, // our trace ids are none of Coupa's business
            })
            .AddHttpMessageHandler(static provider => new ClockReader(provider.GetRequiredService<InstanceClocks>()))
            .AddHttpMessageHandler(static () => new ReadOnlyHandler());
        return services;
    }
}
