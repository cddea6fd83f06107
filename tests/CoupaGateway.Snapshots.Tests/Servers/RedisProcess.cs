using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CoupaGateway.Snapshots.Tests.Servers;

/// <summary>A real redis-server on a free port, in memory only unless a folder is given.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly string? _folder;
    private Process? _process;

    private RedisProcess(string? folder) => _folder = folder;

    public int Port { get; private set; }

    public string ConnectionString => $"127.0.0.1:{Port},connectTimeout=2000,asyncTimeout=5000,allowAdmin=true";

    public static async Task<RedisProcess> StartAsync(string? folder = null)
    {
        var redis = new RedisProcess(folder);
        for (var attempt = 0; ; attempt++)
        {
            redis.Port = FreePort();
            if (await redis.TryStartAsync())
                return redis;
            if (attempt == 10)
                throw new InvalidOperationException("redis-server does not start.");
        }
    }

    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Stops it, saving first when it has a folder, and starts it on the same port.</summary>
    public async Task RestartAsync(Func<Task>? whileDown = null)
    {
        if (_folder is not null)
            await AskAsync("SAVE\r\n", "+OK");
        await StopAsync();
        if (whileDown is not null)
            await whileDown();
        await Eventually.TrueAsync(TryStartAsync);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> TryStartAsync()
    {
        var start = new ProcessStartInfo("redis-server") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder ?? Path.GetTempPath() })
            start.ArgumentList.Add(argument);
        if (_folder is null)
        {
            start.ArgumentList.Add("--dbfilename");
            start.ArgumentList.Add($"none-{Guid.NewGuid():N}.rdb");
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!_process.HasExited)
        {
            try
            {
                await AskAsync("PING\r\n", "+PONG");
                return true;
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                await Task.Delay(20);
            }
        }

        return false;
    }

    private async Task AskAsync(string command, string answer)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command));
        using var reader = new StreamReader(stream);
        if (await reader.ReadLineAsync() is not { } line || !line.StartsWith(answer, StringComparison.Ordinal))
            throw new IOException("Not ready.");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
