using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CoupaGateway.Tests.Shared;

/// <summary>The gateway as a user runs it: a process of its own, on a port that the OS chose, with a data folder of its own.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string Gateway = Path.Combine(AppContext.BaseDirectory, "CoupaGateway.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private GatewayProcess(Process process) => _process = process;

    /// <summary>Root address, for example <c>http://localhost:40123/</c>.</summary>
    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Output => string.Join('\n', _output);

    public int Id => _process.Id;

    /// <summary>The most memory that it has had at a time, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts the gateway and waits until it says where it listens.</summary>
    public static Task<GatewayProcess> StartAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default) =>
        StartProgramAsync("dotnet", ["exec", Gateway, .. arguments], environment, cancellationToken);

    /// <summary>Starts the gateway on a disk that takes no file of more than so many kilobytes: what goes beyond fails as on a full one.</summary>
    public static Task<GatewayProcess> StartOnFullDiskAsync(
        int kilobytes, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        StartProgramAsync(
            "bash",
            // Without the trap the system would end the process, and compiled code would be in a file that is too large.
            ["-c", $"trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f {kilobytes}; exec dotnet exec \"$0\" \"$@\"", Gateway, .. arguments],
            environment,
            cancellationToken);

    /// <summary>Starts a gateway by another program, which becomes it.</summary>
    public static async Task<GatewayProcess> StartProgramAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var gateway = new GatewayProcess(new Process { StartInfo = start });
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Collect(string? line)
        {
            if (line is null)
            {
                return;
            }

            gateway._output.Enqueue(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                address.TrySetResult(new Uri(match.Value + "/"));
            }
        }

        gateway._process.OutputDataReceived += (_, line) => Collect(line.Data);
        gateway._process.ErrorDataReceived += (_, line) => Collect(line.Data);
        gateway._process.EnableRaisingEvents = true;
        gateway._process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("The gateway ended before it listened."));
        gateway._process.Start();
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();

        try
        {
            gateway.Address = await address.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (Exception error)
        {
            await gateway.DisposeAsync();
            throw new InvalidOperationException($"The gateway did not start:\n{gateway.Output}", error);
        }

        gateway.Client = new HttpClient { BaseAddress = gateway.Address };
        return gateway;
    }

    /// <summary>Waits until a condition over the gateway holds; fails with its output when it never does.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Patience || _process.HasExited)
            {
                throw new TimeoutException($"It never came true that {what}. The gateway said:\n{Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>Asks the process to end, as Ctrl+C or a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        // The id of one that has ended may be another's by now.
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends the process at once, as a crash does.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        try
        {
            if (!_process.HasExited)
            {
                await KillAsync(CancellationToken.None);
            }
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"(?<=(listening on: |^Feed +))http://(localhost|127\.0\.0\.1):\d+(?=/|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();
}
