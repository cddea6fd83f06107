using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace CoupaGateway.Hosting;

/// <summary>Makes a request look as it did to the outermost trusted proxy, before anything looks at it.</summary>
internal static class ForwardingExtensions
{
    public static IServiceCollection AddForwarding(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ForwardingOptions>()
            .Bind(configuration.GetSection(ForwardingOptions.Section))
            .Validate(
                static options => options.Proxies.All(static proxy => TryRead(proxy, out _)),
                $"{ForwardingOptions.Section}:{nameof(ForwardingOptions.Proxies)}: each entry is an address (10.0.0.7) or a network (10.0.0.0/8).")
            .ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ForwardingOptions>>(static (headers, forwarding) =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.All;
            headers.ForwardLimit = null; // as far as proxies that are trusted reach
            headers.KnownProxies.Clear(); // there, the framework trusts the loopback address
            headers.KnownIPNetworks.Clear();
            foreach (var proxy in forwarding.Value.Proxies)
            {
                if (TryRead(proxy, out var network))
                    headers.KnownIPNetworks.Add(network);
            }
        });
        return services;
    }

    /// <summary>Does nothing unless there are proxies: with nobody to trust, the framework would trust everybody.</summary>
    public static IApplicationBuilder UseForwarding(this WebApplication app) =>
        app.Services.GetRequiredService<IOptions<ForwardingOptions>>().Value.Proxies.Count == 0 ? app : app.UseForwardedHeaders();

    private static bool TryRead(string proxy, out IPNetwork network)
    {
        if (IPNetwork.TryParse(proxy, out network))
            return true;
        if (!IPAddress.TryParse(proxy, out var address))
            return false;

        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
