using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CoupaGateway.Benchmarks.Loads;

/// <summary>A redis-server on a free port, in memory only.</summary>
internal sealed class LocalRedis : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly int _port;

    private LocalRedis(Process process, int port) => (_process, _port) = (process, port);

    public string ConnectionString => $"127.0.0.1:{_port}";

    public static async Task<LocalRedis> StartAsync(CancellationToken cancellationToken)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning", "--logfile", "/dev/null"]))!;
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new LocalRedis(process, port);
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(LookAgain, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
