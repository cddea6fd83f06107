using System.Net;
using System.Net.Sockets;

namespace CoupaGateway.EndToEnd.Tests.Syncs;

/// <summary>A way to a port of this machine on which everything takes its time.</summary>
internal sealed class SlowLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;

    public SlowLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How much later a question and its answer come together.</summary>
    public TimeSpan Delay { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream()), PassAsync(server.GetStream(), client.GetStream()));
        }
    }

    /// <summary>Passes on what comes, each piece after half the delay; pieces that come meanwhile wait no longer than that.</summary>
    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var queue = System.Threading.Channels.Channel.CreateUnbounded<(byte[] Piece, DateTimeOffset At)>();
        var writing = WriteAsync(queue.Reader, to);
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var read)
            queue.Writer.TryWrite((buffer[..read], TimeProvider.System.GetUtcNow() + (Delay / 2)));

        queue.Writer.Complete();
        await writing;
    }

    private async Task WriteAsync(System.Threading.Channels.ChannelReader<(byte[] Piece, DateTimeOffset At)> queue, NetworkStream to)
    {
        await foreach (var (piece, at) in queue.ReadAllAsync(_stop.Token))
        {
            if (at - TimeProvider.System.GetUtcNow() is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, _stop.Token);

            await to.WriteAsync(piece, _stop.Token);
        }
    }
}
