using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace CoupaGateway.Coupa.Http;

/// <summary>Tells addresses on the internet from those of this machine, of its network and of its cloud's metadata service.</summary>
internal static class PublicAddresses
{
    /// <summary>IANA's special-purpose registries (RFC 6890 and its updates), without what is globally reachable.</summary>
    private static readonly ImmutableArray<IPNetwork> Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32", // Azure's platform address: it looks public and is not

            // Of IPv6 only 2000::/3 is in use; the rest (loopback, unique local, link-local, multicast, mapped) is excluded below.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(static text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Global6.Contains(address))
            return false;

        foreach (var network in Special)
        {
            if (network.Contains(address))
                return false;
        }

        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
    }
}
