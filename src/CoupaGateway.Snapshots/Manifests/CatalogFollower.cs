using CoupaGateway.Snapshots.Redis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>
/// Keeps the catalog up to date: at once on a commit message, else every <see cref="CacheOptions.PollInterval"/>. At start, after a lost
/// connection and every <see cref="CacheOptions.TidyInterval"/> it also settles every table and looks for lost chunks.
/// </summary>
internal sealed class CatalogFollower(
    ICacheServer redis, SnapshotCatalog catalog, SnapshotStore store, IOptions<CacheOptions> options, TimeProvider time, ILogger<CatalogFollower> logger)
    : BackgroundService
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile bool _lost = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host goes on starting while the cache server does

        // A wrong setting ends the host with its reason; a server that is away does not, not even when no sentinel says where it is.
        if (await ConnectAsync(stoppingToken) is not { } multiplexer)
            return;
        multiplexer.ConnectionFailed += OnLost;
        multiplexer.ConnectionRestored += OnRestored;
        try
        {
            await FollowAsync(multiplexer, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            multiplexer.ConnectionFailed -= OnLost;
            multiplexer.ConnectionRestored -= OnRestored;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    /// <returns>null when the gateway ends first.</returns>
    private async Task<IConnectionMultiplexer?> ConnectAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                return await redis.ConnectAsync(stoppingToken);
            }
            catch (RedisConnectionException)
            {
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }

        return null;
    }

    private async Task FollowAsync(IConnectionMultiplexer multiplexer, CancellationToken stoppingToken)
    {
        var subscribed = false;
        var failing = false;
        var tidied = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (!subscribed)
                {
                    await multiplexer.GetSubscriber().SubscribeAsync(RedisKeys.Commits, (_, _) => Wake());
                    subscribed = true; // the client subscribes again by itself after a lost connection
                }

                var tidy = _lost || time.GetElapsedTime(tidied) >= options.Value.TidyInterval;
                _lost = false;
                await catalog.RefreshAsync(stoppingToken);
                if (tidy)
                {
                    await TidyAsync(multiplexer.GetDatabase(), stoppingToken);
                    tidied = time.GetTimestamp();
                }

                failing = false;
            }
            catch (Exception error) when (CacheFailures.IsTransient(error))
            {
                if (!failing)
                    SnapshotsLog.FollowFailed(logger, error);
                failing = _lost = true;
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task TidyAsync(IDatabase db, CancellationToken cancellationToken)
    {
        await catalog.VerifyAsync(cancellationToken);
        foreach (var connection in await db.SortedSetRangeByRankAsync(RedisKeys.Connections))
        {
            foreach (var table in await store.ListTablesAsync(connection.ToString(), cancellationToken))
                await store.SettleAsync(table, cancellationToken);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var poll = new CancellationTokenSource(options.Value.PollInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(poll.Token, cancellationToken);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to ask.
        }
    }

    private void OnLost(object? sender, ConnectionFailedEventArgs failure) => _lost = true;

    private void OnRestored(object? sender, ConnectionFailedEventArgs failure)
    {
        _lost = true;
        Wake();
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }
}
