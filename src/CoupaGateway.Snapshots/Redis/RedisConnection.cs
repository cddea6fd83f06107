using CoupaGateway.Snapshots.Embedded;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>Connects lazily to <c>Cache:Redis</c>, or starts the embedded server and connects to that.</summary>
internal sealed class RedisConnection(IOptions<CacheOptions> options, DataFolder folder, ILoggerFactory loggers, TimeProvider time) : ICacheServer, IAsyncDisposable
{
    private static readonly Version OldestServer = new(7, 0);

    private readonly ILogger _logger = loggers.CreateLogger<RedisConnection>();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile IConnectionMultiplexer? _multiplexer;
    private EmbeddedCache? _embedded;
    private CommandTimes? _times;
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

    public bool IsConnected => _multiplexer is { IsConnected: true };

    public void RequestCheckpoint() => _embedded?.RequestCheckpoint();

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            _times?.Dispose();
            if (_multiplexer is { } multiplexer)
                await multiplexer.DisposeAsync();
            if (_embedded is { } embedded)
                await embedded.DisposeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IConnectionMultiplexer> OpenAsync(CancellationToken cancellationToken)
    {
        folder.Lock();
        var configuration = string.IsNullOrWhiteSpace(options.Value.Redis)
            ? await StartEmbeddedAsync(cancellationToken)
            : ParseConfiguration(options.Value.Redis);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName = "coupa-gateway";

        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        _times = new CommandTimes(multiplexer, time);
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            CacheMetrics.Lost(failure.FailureType);
            SnapshotsLog.RedisLost(_logger, failure.FailureType);
        };
        multiplexer.ConnectionRestored += (_, _) => SnapshotsLog.RedisBack(_logger);
        if (!multiplexer.IsConnected)
        {
            SnapshotsLog.RedisUnreachable(_logger);
            return multiplexer;
        }

        foreach (var server in multiplexer.GetServers().Where(server => server.IsConnected && server.Version < OldestServer))
        {
            var version = server.Version;
            await multiplexer.DisposeAsync();
            throw new CacheUnavailableException($"The cache server is version {version}; Redis {OldestServer} or a compatible server is needed.");
        }

        SnapshotsLog.RedisConnected(_logger);
        return multiplexer;
    }

    private async Task<ConfigurationOptions> StartEmbeddedAsync(CancellationToken cancellationToken)
    {
        _embedded ??= await EmbeddedCache.StartAsync(
            folder.EmbeddedFolder, options.Value.CheckpointInterval, time, loggers.CreateLogger<EmbeddedCache>(), cancellationToken);
        return _embedded.Connection();
    }

    private static ConfigurationOptions ParseConfiguration(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString);
        }
        catch (ArgumentException)
        {
            // The message of the parser repeats the text, and that may hold a password.
            throw new CacheUnavailableException("Cache:Redis is not a connection string: host:port[,host:port…][,password=…][,ssl=true].");
        }
    }
}
