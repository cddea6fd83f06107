using System.Net;
using System.Net.Sockets;

namespace CoupaGateway.Coupa.Tests.Fakes;

/// <summary>A port on loopback that counts who connects, and hangs up.</summary>
internal sealed class Trap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private int _caught;

    public Trap()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Caught => Volatile.Read(ref _caught);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _caught);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The trap was taken away.
        }
    }
}
