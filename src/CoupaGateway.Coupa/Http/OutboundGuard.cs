using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Coupa.Http;

/// <summary>
/// Decides where requests go. The host is held against the allow list when a connection is set up and again with every TCP connection, and so is the
/// address that the name resolves to at that moment: a name that changes its address in between (DNS rebinding) gains nothing.
/// </summary>
public sealed class OutboundGuard
{
    private readonly OutboundOptions _options;
    private readonly IHostResolver _resolver;

    internal OutboundGuard(IOptions<OutboundOptions> options, IHostResolver resolver) => (_options, _resolver) = (options.Value, resolver);

    /// <summary>What is wrong with an address as the base address of an instance; null when requests may go there. Asks nobody.</summary>
    public string? FindFault(Uri instance)
    {
        if (!instance.IsAbsoluteUri || instance.Host.Length == 0)
            return "must be an absolute address such as https://acme.coupahost.com.";
        if (instance.UserInfo.Length > 0)
            return "must not hold a user name or password.";
        if (_options.AllowLoopback && instance.IsLoopback)
            return null;
        if (instance.Scheme != Uri.UriSchemeHttps)
            return "must begin with https://.";
        return IsAllowed(instance)
            ? null
            : $"names a host that is not on the allow list ({string.Join(", ", Patterns)}). An administrator can add it to {OutboundOptions.Section}:AllowedHosts.";
    }

    /// <summary>The addresses of a host, all of them checked.</summary>
    /// <exception cref="IOException">One of them is not on the internet.</exception>
    /// <exception cref="SocketException">The name does not resolve.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolver.ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);

        var refused = Array.Find(addresses, address => !PublicAddresses.Contains(address) && !(_options.AllowLoopback && IPAddress.IsLoopback(address)));
        return refused is null
            ? addresses
            : throw new OutboundRefusedException($"{host} resolves to {refused}, an address that is not on the internet. The gateway does not connect to it.");
    }

    /// <summary>Makes the TCP connection of a request.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.InitialRequestMessage.RequestUri!;
        if (FindFault(target) is { } fault)
            throw new OutboundRefusedException($"The address {target.Host} {fault}");

        var endPoint = context.DnsEndPoint;
        var addresses = _options.Proxy is { } proxy && endPoint.Host.Equals(proxy.IdnHost, StringComparison.OrdinalIgnoreCase) && endPoint.Port == proxy.Port
            ? await _resolver.ResolveAsync(endPoint.Host, cancellationToken)
            : await ResolveAsync(endPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private IEnumerable<string> Patterns => OutboundOptions.CoupaHosts.Concat(_options.AllowedHosts);

    private bool IsAllowed(Uri address)
    {
        // The form that DNS is asked for, without the dot that makes a name absolute.
        var host = address.IdnHost.TrimEnd('.');
        return address.HostNameType == UriHostNameType.Dns && Patterns.Any(pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) && host.Length > pattern.Length - 1
            : host.Equals(pattern, StringComparison.OrdinalIgnoreCase));
    }
}
