using CoupaGateway.Snapshots.Embedded;
using CoupaGateway.Snapshots.Redis.Inspection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>Connects lazily to <c>Cache:Redis</c>, or starts the embedded server and connects to that.</summary>
internal sealed class RedisConnection(IOptions<CacheOptions> options, DataFolder folder, ILoggerFactory loggers, CacheInspector inspector, TimeProvider time) : ICacheServer, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<RedisConnection>();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConnectionAttempts _attempts = new(time);
    private readonly CancellationTokenSource _ending = new();
    private volatile IConnectionMultiplexer? _multiplexer;
    private EmbeddedCache? _embedded;
    private CommandTimes? _times;
    private Task _inspecting = Task.CompletedTask;
    private bool _disposed;

    public async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_multiplexer is { } connected)
            return connected;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _multiplexer ??= await OpenAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Claim() => folder.Lock();

    public bool IsConnected => _multiplexer is { IsConnected: true };

    public async Task<IReadOnlyList<CacheFinding>> InspectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = await ConnectAsync(cancellationToken);
            return multiplexer.IsConnected ? await inspector.InspectAsync(multiplexer, cancellationToken) : [await _attempts.ExplainAsync(options.Value, cancellationToken)];
        }
        catch (CacheUnavailableException unusable) when (unusable.Finding is { } finding)
        {
            return [finding];
        }
        catch (Exception error) when (error is RedisConnectionException or TimeoutException)
        {
            return [await _attempts.ExplainAsync(options.Value, cancellationToken)];
        }
    }

    public void RequestCheckpoint() => _embedded?.RequestCheckpoint();

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            await _ending.CancelAsync();
            await _inspecting;
            _times?.Dispose();
            if (_multiplexer is { } multiplexer)
            {
                _multiplexer = null; // whoever comes now is told that it is the end
                await multiplexer.DisposeAsync();
            }

            if (_embedded is { } embedded)
                await embedded.DisposeAsync();
            _ending.Dispose();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IConnectionMultiplexer> OpenAsync(CancellationToken cancellationToken)
    {
        folder.Lock();
        var isEmbedded = string.IsNullOrWhiteSpace(options.Value.Redis);
        var configuration = isEmbedded ? await StartEmbeddedAsync(cancellationToken) : RedisConfiguration.Create(options.Value);
        configuration.AbortOnConnectFail = false;
        configuration.AllowAdmin = true; // the client counts INFO among what administrators do
        configuration.ClientName = "coupa-gateway";
        _attempts.Follow(configuration);

        IConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        }
        catch (RedisConnectionException)
        {
            // Only while no sentinel tells the primary: there is nothing yet that could connect by itself later, so whoever asks next tries again.
            Tell(await _attempts.ExplainAsync(options.Value, cancellationToken));
            throw;
        }

        _times = new CommandTimes(multiplexer, time);
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            CacheMetrics.Lost(failure.FailureType);
            SnapshotsLog.RedisLost(_logger, failure.FailureType);
        };
        multiplexer.ConnectionRestored += (_, _) => SnapshotsLog.RedisBack(_logger);
        if (multiplexer.IsConnected)
        {
            if (multiplexer.GetServers().Where(static server => server.IsConnected).Select(inspector.FindAge).FirstOrDefault(static old => old is not null) is { } tooOld)
            {
                await multiplexer.DisposeAsync();
                throw new CacheUnavailableException(tooOld);
            }

            SnapshotsLog.RedisConnected(_logger);
        }
        else
        {
            Tell(await _attempts.ExplainAsync(options.Value, cancellationToken));
        }

        if (!isEmbedded)
            _inspecting = TellFindingsAsync(multiplexer, _ending.Token);
        return multiplexer;
    }

    /// <summary>Once, as soon as the server can be reached: nobody waits for it.</summary>
    private async Task TellFindingsAsync(IConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (multiplexer.IsConnected)
                    {
                        foreach (var finding in await inspector.InspectAsync(multiplexer, cancellationToken))
                            Tell(finding);
                        return;
                    }
                }
                catch (Exception error) when (CacheFailures.IsTransient(error))
                {
                    // Lost meanwhile, which has been told.
                }

                await Task.Delay(options.Value.PollInterval, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Tell(CacheFinding finding)
    {
        if (finding.IsError)
            SnapshotsLog.CacheUnfit(_logger, finding.Code, finding.Found, finding.Advice);
        else
            SnapshotsLog.CacheDoubtful(_logger, finding.Code, finding.Found, finding.Advice);
    }

    private async Task<ConfigurationOptions> StartEmbeddedAsync(CancellationToken cancellationToken)
    {
        _embedded ??= await EmbeddedCache.StartAsync(
            folder.EmbeddedFolder, options.Value.CheckpointInterval, time, loggers.CreateLogger<EmbeddedCache>(), cancellationToken);
        return _embedded.Connection();
    }
}
