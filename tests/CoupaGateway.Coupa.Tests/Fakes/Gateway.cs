using CoupaGateway.Coupa.Paging;
using CoupaGateway.Coupa.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>The client as the gateway composes it, against a <see cref="FakeCoupa"/>. Retries are quick and the budget is wide unless a test says otherwise.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    public const string Secret = "s3cr3t-Planted";

    private readonly ServiceProvider _services;

    private Gateway(FakeCoupa coupa, ServiceProvider services, CoupaTenant tenant, LogCatcher logs)
    {
        (Coupa, _services, Tenant, Logs) = (coupa, services, tenant, logs);
        Client = services.GetRequiredService<ICoupaClientFactory>().Create(tenant);
    }

    public FakeCoupa Coupa { get; }

    public CoupaTenant Tenant { get; }

    public CoupaClient Client { get; }

    public LogCatcher Logs { get; }

    public IServiceProvider Services => _services;

    public static async Task<Gateway> StartAsync(
        Action<CoupaTenantOptions>? configure = null, TimeProvider? time = null, Action<IServiceCollection>? add = null)
    {
        var coupa = await FakeCoupa.StartAsync();
        coupa.Clock = time ?? TimeProvider.System;
        var options = Options(coupa.Address);
        configure?.Invoke(options);
        var logs = new LogCatcher();
        var services = new ServiceCollection().AddSingleton(time ?? TimeProvider.System).AddCoupaSource();
        services.Configure<CoupaGateway.Coupa.Http.OutboundOptions>(static outbound => (outbound.AllowLoopback, outbound.AllowedHosts) = (true, ["*.invalid"]));
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        add?.Invoke(services);
        return new Gateway(coupa, services.BuildServiceProvider(), CoupaTenant.Create(options), logs);
    }

    public static CoupaTenantOptions Options(Uri instance) => new()
    {
        Instance = instance,
        ClientId = "gateway",
        ClientSecret = Secret,
        Scopes = ["core.invoice.read", "core.supplier.read"],
        RequestsPerSecond = 1000,
        Burst = 1000,
        MaxRetries = 3,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(2),
        TokenTimeout = TimeSpan.FromMinutes(10),
        AttemptTimeout = TimeSpan.FromHours(1),
        TotalTimeout = TimeSpan.FromHours(1),
    };

    /// <summary>Reads a resource up to the first page that is not full, as scripted answers know no other end, and gives the number of records.</summary>
    public async Task<int> CountAsync(string resource = "invoices")
    {
        var count = 0;
        await foreach (var page in Client.ReadAsync(new PageRequest { Resource = resource }))
        {
            using (page)
                count += page.Count;

            if (page.Count < Tenant.PageSize)
                break;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Coupa.DisposeAsync();
    }
}
