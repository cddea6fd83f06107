using System.Threading.Channels;
using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Sync;

/// <summary>Runs one connection until it is stopped, beginning when the worker before it has ended.</summary>
internal sealed class ConnectionWorker
{
    private readonly Channel<IReadOnlyList<string>?> _requests = Channel.CreateUnbounded<IReadOnlyList<string>?>();
    private readonly CancellationTokenSource _stop;

    /// <param name="run">Works until the token is cancelled.</param>
    public ConnectionWorker(
        ConnectionConfig config, Task before, Func<ConnectionConfig, ChannelReader<IReadOnlyList<string>?>, CancellationToken, Task> run, CancellationToken stopping)
    {
        Config = config;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Running = Task.Run(() => RunAsync(before, run, _stop.Token), CancellationToken.None);
    }

    public ConnectionConfig Config { get; }

    /// <summary>Ends, without an exception, when the worker has stopped.</summary>
    public Task Running { get; }

    /// <param name="apiTables">What to load; null for what is missing.</param>
    public void Ask(IReadOnlyList<string>? apiTables) => _requests.Writer.TryWrite(apiTables);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running;
        _stop.Dispose();
    }

    private async Task RunAsync(
        Task before, Func<ConnectionConfig, ChannelReader<IReadOnlyList<string>?>, CancellationToken, Task> run, CancellationToken stopping)
    {
        try
        {
            await before;
            await run(Config, _requests.Reader, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
