using System.Net;

namespace CoupaGateway.Coupa.Http;

/// <summary>Finds the addresses of a host name.</summary>
internal interface IHostResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">The name does not resolve.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
