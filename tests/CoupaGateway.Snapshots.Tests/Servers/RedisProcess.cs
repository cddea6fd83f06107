using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CoupaGateway.Snapshots.Tests.Servers;

/// <summary>A real redis-server on a free port, in memory only unless a folder is given.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly string _program;
    private readonly string? _folder;
    private readonly string[] _first;
    private readonly string[] _arguments;
    private Process? _process;

    private RedisProcess(string program, string? folder, string[] first, string[] arguments) => (_program, _folder, _first, _arguments) = (program, folder, first, arguments);

    public int Port { get; private set; }

    public string ConnectionString => $"127.0.0.1:{Port},connectTimeout=2000,asyncTimeout=5000,allowAdmin=true";

    /// <param name="folder">Where it keeps its data, and has them again after a restart.</param>
    /// <param name="arguments">Further settings, as on the command line.</param>
    public static Task<RedisProcess> StartAsync(string? folder = null, params string[] arguments) => StartProgramAsync("redis-server", folder, [], arguments);

    /// <param name="program">A server that takes the settings of Redis.</param>
    /// <param name="first">What comes before all settings: a file with settings.</param>
    public static async Task<RedisProcess> StartProgramAsync(string program, string? folder = null, string[]? first = null, params string[] arguments)
    {
        var redis = new RedisProcess(program, folder, first ?? [], arguments);
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

    /// <summary>Starts it on its port again after <see cref="StopAsync"/>.</summary>
    /// <param name="answer">How it answers PING when it has started: <c>-LOADING</c> while it still reads its data.</param>
    public Task StartAgainAsync(string answer = "+PONG") => Eventually.TrueAsync(() => TryStartAsync(answer));

    /// <summary>Stops it, saving first when it has a folder, and starts it on the same port.</summary>
    public async Task RestartAsync(Func<Task>? whileDown = null)
    {
        if (_folder is not null)
            await AskAsync("SAVE\r\n", "+OK");
        await StopAsync();
        if (whileDown is not null)
            await whileDown();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> TryStartAsync(string answer = "+PONG")
    {
        var start = new ProcessStartInfo(_program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = [.. _first, "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder ?? Path.GetTempPath(), .. _arguments];
        foreach (var argument in all)
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
                await AskAsync("PING\r\n", answer);
                return true;
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                await Task.Delay(20);
            }
        }

        return false;
    }

    /// <summary>Sends a line of the protocol to the port and expects an answer that begins so.</summary>
    public async Task AskAsync(string command, string answer)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command));
        using var reader = new StreamReader(stream);
        if (await reader.ReadLineAsync() is not { } line || !(line.StartsWith(answer, StringComparison.Ordinal) || line.StartsWith("-NOAUTH", StringComparison.Ordinal)))
            throw new IOException("Not ready.");
    }

    /// <summary>A port that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
